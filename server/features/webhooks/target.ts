import type { Graph } from '#domain/graph/graph.ts';
import { type DefinitionOf, readConfig } from '#domain/node/definition.ts';
import type { RunOptions } from '#domain/run/option.ts';
import type { Db } from '#server/db/connection.ts';
import type { Sealer } from '#server/sealing/sealer.ts';
import { openWebhook } from '../webhook-seal.ts';
import type { CallerCheck } from './caller.ts';

/** Everything needed to start a run from one webhook address. */
export interface Target {
  readonly workflowId: number;
  readonly environmentId: number;
  readonly versionId: number;
  readonly graph: Graph;
  readonly node: string;
  readonly deadlineSeconds: number;
  readonly priority: number;
  readonly options: RunOptions;
  readonly methods: ReadonlySet<string>;
  readonly wait: boolean;
  readonly waitMs: number;
  readonly status: number;
  readonly caller: CallerCheck;
  /** Requests a minute; 0: as many as come. */
  readonly rateLimit: number;
}

/** The stored version of a workflow's newest revision. */
export interface RunnableVersion {
  readonly versionId: number;
  readonly graph: Graph;
}

export interface TargetOptions {
  readonly db: Db;
  readonly sealer: Sealer;
  readonly definitionOf: DefinitionOf;
  readonly versionOf: (workflowId: number, revision: number) => Promise<RunnableVersion | null>;
}

interface Entry {
  readonly target: Target | null;
  readonly workflowId: number | null;
  readonly until: number;
}

const FRESH_MS = 1000;
const MAX_CACHED = 10_000;

/**
 * Finds what an address starts. Answers from memory for a second, so that a busy address costs no query; a change
 * of the workflow ends that at once.
 */
export class Targets {
  readonly #options: TargetOptions;
  readonly #cached = new Map<string, Entry>();
  readonly #loading = new Map<string, Promise<Target | null>>();
  #changes = 0;

  constructor(options: TargetOptions) {
    this.#options = options;
  }

  /** @returns null for an address that is unknown, inactive, without the secret it asks for, or whose node is gone. */
  find(token: string): Target | null | Promise<Target | null> {
    const cached = this.#cached.get(token);
    if (cached && cached.until > Date.now()) return cached.target;
    const loading = this.#loading.get(token);
    if (loading) return loading;
    const load = this.#load(token).finally(() => {
      if (this.#loading.get(token) === load) this.#loading.delete(token);
    });
    this.#loading.set(token, load);
    return load;
  }

  /** Call after a workflow's commit. Loads that are under way may have seen the old state and are not kept. */
  changed(workflowId: number): void {
    this.#changes += 1;
    this.#loading.clear();
    for (const [token, entry] of this.#cached) {
      // An address that led nowhere may belong to the workflow that was just switched on.
      if (entry.workflowId === workflowId || entry.workflowId === null) this.#cached.delete(token);
    }
  }

  /** Call when changes may have been missed. */
  forget(): void {
    this.#changes += 1;
    this.#loading.clear();
    this.#cached.clear();
  }

  async #load(token: string): Promise<Target | null> {
    const changes = this.#changes;
    const row = await findRow(this.#options.db, token);
    const target = row ? await this.#targetOf(row) : null;
    if (changes === this.#changes) this.#keep(token, target, row?.id ?? null);
    return target;
  }

  #keep(token: string, target: Target | null, workflowId: number | null): void {
    this.#cached.delete(token);
    this.#cached.set(token, { target, workflowId, until: Date.now() + FRESH_MS });
    const [oldest] = this.#cached.keys();
    if (this.#cached.size > MAX_CACHED && oldest !== undefined) this.#cached.delete(oldest);
  }

  async #targetOf(row: Row): Promise<Target | null> {
    const { config } = row.api_fields as { config?: { is_active?: boolean } };
    if (config?.is_active === false) return null;
    const version = await this.#options.versionOf(row.id, row.revision);
    const node = version?.graph.nodes.find((one) => one.id === row.node_id);
    const definition = node && this.#options.definitionOf(node.type);
    if (!version || !node || definition?.trigger !== 'webhook') return null;
    const settings = readConfig(definition, node.config) as unknown as Settings;
    const caller = callerOf(settings, openWebhook(this.#options.sealer, row));
    if (!caller) return null;
    return {
      workflowId: row.id,
      environmentId: row.environment_id,
      versionId: version.versionId,
      graph: version.graph,
      node: node.id,
      deadlineSeconds: row.max_execution_seconds,
      priority: row.priority,
      options: row.deadline_counts_waits ? { countsWaits: true } : {},
      methods: new Set(settings.methods),
      wait: settings.respond === 'when_finished',
      waitMs: settings.wait_seconds * 1000,
      status: settings.response_status,
      caller,
      rateLimit: settings.rate_limit,
    };
  }
}

/** The config of a webhook trigger, as its schema yields it. */
interface Settings {
  readonly methods: readonly string[];
  readonly respond: string;
  readonly wait_seconds: number;
  readonly response_status: number;
  readonly auth: CallerCheck['kind'];
  readonly basic_user: string;
  readonly rate_limit: number;
}

/** Null: a secret is asked for and there is none, so nobody gets in. */
function callerOf({ auth, basic_user }: Settings, secret: string | null): CallerCheck | null {
  if (auth === 'none') return { kind: 'none' };
  if (secret === null) return null;
  return auth === 'basic' ? { kind: auth, user: basic_user, secret } : { kind: auth, secret };
}

function findRow(db: Db, token: string) {
  return db
    .selectFrom('webhooks')
    .innerJoin('workflows', 'workflows.id', 'webhooks.workflow_id')
    .innerJoin('nodes', (join) =>
      join
        .onRef('nodes.workflow_id', '=', 'webhooks.workflow_id')
        .onRef('nodes.node_id', '=', 'webhooks.node_id'),
    )
    .select([
      'workflows.id',
      'workflows.environment_id',
      'workflows.revision',
      'workflows.max_execution_seconds',
      'workflows.priority',
      'workflows.deadline_counts_waits',
      'nodes.node_id',
      'nodes.api_fields',
      'webhooks.token',
      'webhooks.workflow_id',
      'webhooks.sealed',
      'webhooks.key_id',
    ])
    .where('webhooks.token', '=', token)
    .where('workflows.is_active', '=', true)
    .executeTakeFirst();
}

type Row = NonNullable<Awaited<ReturnType<typeof findRow>>>;
