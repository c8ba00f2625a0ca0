import type { Pool } from 'pg';
import type { Graph } from '#domain/graph/graph.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import { compile, PlanError } from '#domain/run/plan.ts';
import type { Selection } from '#domain/run/plan-reach.ts';
import type { RunPlan } from '#domain/run/planned.ts';

const MAX_VERSIONS = 200;

interface Entry {
  readonly graph: Graph;
  readonly plans: Map<string, RunPlan | PlanError>;
}

/** Compiled plans of immutable workflow versions; the least recently used version is dropped first. */
export class PlanCache {
  private readonly pool: Pool;
  private readonly definitionOf: DefinitionOf;
  private readonly entries = new Map<number, Entry>();

  constructor(pool: Pool, definitionOf: DefinitionOf) {
    this.pool = pool;
    this.definitionOf = definitionOf;
  }

  /** Takes over a graph that is known anyway. */
  seed(versionId: number, graph: Graph): void {
    if (!this.entries.has(versionId)) this.keep(versionId, { graph, plans: new Map() });
  }

  /** Makes sure the versions are here; those that no longer exist stay absent. */
  async load(versionIds: readonly number[]): Promise<void> {
    const missing = [...new Set(versionIds)].filter((id) => !this.entries.has(id));
    if (missing.length === 0) return;
    const { rows } = await this.pool.query<{ id: number; graph: Graph }>(
      'select id, graph from workflow_versions where id = any($1::int[])',
      [missing],
    );
    for (const row of rows) this.keep(row.id, { graph: row.graph, plans: new Map() });
  }

  /** The plan, or why there is none. */
  plan(versionId: number, triggerNode: string, selection: Selection = {}): RunPlan | PlanError {
    const entry = this.entries.get(versionId);
    if (!entry) return new PlanError('The workflow version of this run is gone.');
    this.keep(versionId, entry);
    // Parts are run while a flow is built, each once or twice: not worth keeping.
    if (selection.only !== undefined || selection.until !== undefined) {
      return this.compile(entry.graph, triggerNode, selection);
    }
    let plan = entry.plans.get(triggerNode);
    if (!plan) {
      plan = this.compile(entry.graph, triggerNode, {});
      entry.plans.set(triggerNode, plan);
    }
    return plan;
  }

  private compile(graph: Graph, triggerNode: string, { only, until }: Selection): RunPlan | PlanError {
    try {
      return compile({ graph, triggerNode, definitionOf: this.definitionOf, only, until });
    } catch (error) {
      if (error instanceof PlanError) return error;
      return new PlanError(error instanceof Error ? error.message : String(error));
    }
  }

  private keep(versionId: number, entry: Entry): void {
    this.entries.delete(versionId);
    this.entries.set(versionId, entry);
    if (this.entries.size <= MAX_VERSIONS) return;
    const [oldest] = this.entries.keys();
    if (oldest !== undefined) this.entries.delete(oldest);
  }
}
