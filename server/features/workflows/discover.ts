import { sql } from 'kysely';
import type { Db } from '#server/db/connection.ts';
import type { Viewer } from '../handler.ts';
import { TRIGGER_TYPES } from './dsl/step-type.ts';

export interface Requirements {
  readonly triggers: readonly string[];
  readonly node_types: readonly string[];
  readonly tools: readonly string[];
  readonly tags: readonly string[];
  readonly description: string;
}

export interface Candidate {
  readonly tags: readonly string[];
  readonly description: string;
  /** Its node types. */
  readonly types: ReadonlySet<string>;
  /** Of its ended runs; null: there are none. */
  readonly successRate: number | null;
}

export type Recommendation = 'reuse' | 'fork_and_patch' | 'create_new';

const REUSE_FROM = 0.95;
const FORK_FROM = 0.5;

/** How well a workflow does what is required, from 0 to 1, and what it lacks. */
export function scoreOf(requirements: Requirements, candidate: Candidate) {
  const required = requiredTypes(requirements);
  const missing = required.filter((type) => !candidate.types.has(type));
  const capability = required.length === 0 ? 0 : (required.length - missing.length) / required.length;
  const tags = jaccard(requirements.tags.map(lower), candidate.tags.map(lower));
  const rate = candidate.successRate ?? 0.5;
  const wanted = lower(requirements.description.trim());
  const isDescribed = wanted !== '' && lower(candidate.description).includes(wanted);
  const score = Math.min(1, 0.8 * capability + 0.1 * tags + 0.1 * rate + (isDescribed ? 0.05 : 0));
  const rounded = Math.round(score * 1000) / 1000;
  return { score: rounded, recommendation: recommend(rounded), missing };
}

const lower = (text: string): string => text.toLowerCase();

function requiredTypes({ triggers, node_types, tools }: Requirements): string[] {
  const asTypes = triggers.map((word) => TRIGGER_TYPES[word] ?? word);
  return [...new Set([...asTypes, ...node_types, ...tools])];
}

function jaccard(a: readonly string[], b: readonly string[]): number {
  const [one, other] = [new Set(a), new Set(b)];
  const all = new Set([...one, ...other]).size;
  return all === 0 ? 0 : [...one].filter((tag) => other.has(tag)).length / all;
}

function recommend(score: number): Recommendation {
  if (score >= REUSE_FROM) return 'reuse';
  return score >= FORK_FROM ? 'fork_and_patch' : 'create_new';
}

const LOOKED_AT = 2000;
const RUNS_OF_DAYS = 90;

/** The active workflows of the viewer's environment that fit best, best first, then by slug. */
export async function discoverWorkflows(
  db: Db,
  viewer: Viewer,
  { requirements, limit }: { readonly requirements: Requirements; readonly limit: number },
) {
  const rows = await db
    .selectFrom('workflows')
    .select([
      'workflows.slug',
      'workflows.name',
      'workflows.description',
      'workflows.tags',
      sql<string[]>`coalesce((select array_agg(distinct nodes.type) from nodes
        where nodes.workflow_id = workflows.id), '{}')`.as('types'),
      sql<number>`(select count(*)::int from executions e where e.workflow_id = workflows.id
        and e.status in ('completed', 'failed')
        and e.created_at > now() - make_interval(days => ${RUNS_OF_DAYS}))`.as('ended'),
      sql<number>`(select count(*)::int from executions e where e.workflow_id = workflows.id
        and e.status = 'completed'
        and e.created_at > now() - make_interval(days => ${RUNS_OF_DAYS}))`.as('completed'),
    ])
    .where('workflows.environment_id', '=', viewer.environmentId)
    .where('workflows.is_active', '=', true)
    .orderBy('workflows.updated_at', 'desc')
    .limit(LOOKED_AT)
    .execute();
  const matches = rows.map(({ types, ended, completed, tags, ...row }) => {
    const successRate = ended === 0 ? null : completed / ended;
    const candidate = { ...row, tags: tags ?? [], types: new Set(types), successRate };
    return {
      slug: row.slug,
      name: row.name,
      description: row.description,
      tags: tags ?? [],
      success_rate: successRate,
      ...scoreOf(requirements, candidate),
    };
  });
  matches.sort((a, b) => b.score - a.score || (a.slug < b.slug ? -1 : 1));
  const best = matches[0];
  return {
    recommendation: best?.recommendation ?? ('create_new' as const),
    matches: matches.slice(0, limit),
  };
}
