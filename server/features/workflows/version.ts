import { createHash } from 'node:crypto';
import { type Graph } from '#domain/graph/graph.ts';
import type { Db } from '#server/db/connection.ts';
import { loadGraph } from './row.ts';

/** An immutable copy of a workflow's graph; runs are pinned to one. */
export interface Version {
  readonly versionId: number;
  readonly revision: number;
  readonly graph: Graph;
}

const MAX_CACHED = 500;

/** Makes versions when a revision is first run and keeps the latest ones in memory. */
export class Versions {
  readonly #db: Db;
  readonly #cached = new Map<number, Version>();

  constructor(db: Db) {
    this.#db = db;
  }

  /** The version of a workflow's newest revision, `revision` or later; null when the workflow is gone. */
  async current(workflowId: number, revision: number): Promise<Version | null> {
    const cached = this.#cached.get(workflowId);
    if (cached && cached.revision >= revision) return cached;
    const version = (await this.#find(workflowId, revision)) ?? (await this.#make(workflowId));
    if (version) this.#keep(workflowId, version);
    return version;
  }

  #keep(workflowId: number, version: Version): void {
    this.#cached.delete(workflowId);
    this.#cached.set(workflowId, version);
    const [oldest] = this.#cached.keys();
    if (this.#cached.size > MAX_CACHED && oldest !== undefined) this.#cached.delete(oldest);
  }

  async #find(workflowId: number, revision: number): Promise<Version | null> {
    const row = await this.#db
      .selectFrom('workflow_versions')
      .select(['id', 'graph'])
      .where('workflow_id', '=', workflowId)
      .where('revision', '=', revision)
      .executeTakeFirst();
    return row ? { versionId: row.id, revision, graph: row.graph as Graph } : null;
  }

  #make(workflowId: number): Promise<Version | null> {
    return this.#db.transaction().execute(async (trx) => {
      const workflow = await trx
        .selectFrom('workflows')
        .select('revision')
        .where('id', '=', workflowId)
        .forUpdate()
        .executeTakeFirst();
      if (!workflow) return null;
      const { revision } = workflow;
      const newest = await trx
        .selectFrom('workflow_versions')
        .select(['id', 'n', 'revision', 'graph'])
        .where('workflow_id', '=', workflowId)
        .orderBy('n', 'desc')
        .limit(1)
        .executeTakeFirst();
      if (newest?.revision === revision)
        return { versionId: newest.id, revision, graph: newest.graph as Graph };
      const { graph } = await loadGraph(trx, workflowId);
      const text = JSON.stringify(graph);
      const row = await trx
        .insertInto('workflow_versions')
        .values({
          workflow_id: workflowId,
          n: (newest?.n ?? 0) + 1,
          revision,
          graph: text,
          checksum: createHash('sha256').update(text).digest('hex'),
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      return { versionId: row.id, revision, graph };
    });
  }
}
