import { sql } from 'kysely';
import type { Store } from '../row.ts';

/** An LLM credential. */
export interface Account {
  readonly id: number;
  readonly name: string;
  readonly provider: string;
}

export interface Candidate {
  readonly accountId: number;
  readonly model: string;
}

/** Models everybody with an account of the provider has, the most capable first. */
const USUAL: Readonly<Record<string, readonly string[]>> = {
  openai: ['gpt-5', 'gpt-5-mini', 'gpt-5-nano'],
  anthropic: ['claude-opus-4-5', 'claude-sonnet-4-5', 'claude-haiku-4-5'],
  glm: ['glm-4.6', 'glm-4.5-air', 'glm-4.5-flash'],
};

/** The models that may be chosen: those the environment's workflows use already, then the providers' usual ones. */
export async function candidatesFor(db: Store, accounts: readonly Account[]): Promise<Candidate[]> {
  const ids = accounts.map(({ id }) => String(id));
  if (ids.length === 0) return [];
  const { rows } = await sql<{ account: string; model: string }>`
    select distinct config::jsonb ->> 'llm_credential_id' as account, config::jsonb ->> 'model_name' as model
    from nodes where type = 'ai_model' and config::jsonb ->> 'llm_credential_id' = any(${ids})
      and coalesce(config::jsonb ->> 'model_name', '') <> ''
    order by 1, 2 limit 1000`.execute(db);
  const used = rows.map(({ account, model }) => ({ accountId: Number(account), model }));
  const usual = accounts.flatMap(({ id, provider }) =>
    (USUAL[provider] ?? []).map((model) => ({ accountId: id, model })),
  );
  const seen = new Set<string>();
  return [...used, ...usual].filter(({ accountId, model }) => {
    const key = `${accountId} ${model}`;
    return !seen.has(key) && seen.add(key);
  });
}

const SMALL = /nano|mini|lite|flash|haiku|small|tiny|air|instant|8b|7b|3b|1b/i;
const TINY = /nano|flash|tiny|lite|3b|1b/i;
const LARGE = /opus|\bpro\b|large|max|ultra|70b|405b|\bo\d\b/i;

/** How large a model is by its name, from 0: what is smaller is cheaper and faster. */
function sizeOf(model: string): number {
  if (TINY.test(model)) return 0;
  if (SMALL.test(model)) return 1;
  return LARGE.test(model) ? 3 : 2;
}

/** The candidate that fits a preference best: cheapest, fastest or most_capable; else a medium one. */
export function best(candidates: readonly Candidate[], preference: unknown): Candidate | null {
  const costOf = ({ model }: Candidate): number => {
    if (preference === 'cheapest' || preference === 'fastest') return sizeOf(model);
    return preference === 'most_capable' ? -sizeOf(model) : Math.abs(2 - sizeOf(model));
  };
  const [first] = candidates.toSorted((a, b) => costOf(a) - costOf(b));
  return first ?? null;
}
