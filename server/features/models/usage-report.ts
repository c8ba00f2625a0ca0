import { type RawBuilder, sql } from 'kysely';
import type { InputOf, OutputOf } from '#contract/contract.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import type { Viewer } from '../handler.ts';

type Report = OutputOf<'models', 'usage'>;
type Item = Report['items'][number];

const DAY_MS = 86_400_000;
const USUAL_DAYS = 30;
const MAX_DAYS = 400;
const MAX_ITEMS = 1_000;

interface SumRow {
  readonly key: string;
  readonly label: string | null;
  readonly calls: number;
  readonly failed: number;
  readonly input: string;
  readonly cached: string;
  readonly output: string;
  readonly cost: string;
  readonly unpriced: number;
}

const SUMS = sql`
  count(*)::int as calls,
  count(*) filter (where c.status = 'failed')::int as failed,
  sum(c.input_tokens) as input, sum(c.cached_tokens) as cached, sum(c.output_tokens) as output,
  sum(c.cost_usd) as cost,
  count(*) filter (where c.price_version is null and c.input_tokens + c.output_tokens > 0)::int as unpriced`;

const KEYS: Readonly<Record<'day' | 'workflow' | 'model', RawBuilder<unknown>>> = {
  day: sql`to_char(c.started_at at time zone 'utc', 'YYYY-MM-DD')`,
  workflow: sql`c.workflow_id::text`,
  model: sql`c.model`,
};

/** What the models of the viewer's environment took, within a range of days in UTC. @throws AppError `invalid` */
export async function usageReport(
  db: Db,
  viewer: Viewer,
  input: InputOf<'models', 'usage'>,
): Promise<Report> {
  const { from, to } = rangeOf(input.from, input.to);
  const by = input.by ?? 'day';
  const { rows } = await sql<SumRow>`
    select ${KEYS[by]} as key, ${by === 'workflow' ? sql`max(w.name)` : sql`null::text`} as label, ${SUMS}
    from llm_calls c left join workflows w on w.id = c.workflow_id
    where c.environment_id = ${viewer.environmentId}
      and c.started_at >= ${from}::date::timestamp at time zone 'utc'
      and c.started_at < (${to}::date + 1)::timestamp at time zone 'utc'
      ${input.workflow_id === undefined ? sql`` : sql`and c.workflow_id = ${input.workflow_id}`}
      ${input.model ? sql`and c.model = ${input.model}` : sql``}
    group by 1 order by sum(c.cost_usd) desc, sum(c.input_tokens + c.output_tokens) desc, 1
    limit ${MAX_ITEMS}`.execute(db);
  const found = rows.map((row) => itemOf(row, by));
  const items = by === 'day' ? everyDay(found, from, to) : found;
  return { from, to, items, totals: totalOf(found) };
}

function itemOf(row: SumRow, by: string): Item {
  const gone = by === 'workflow' ? nameWithout(row.key) : row.key;
  return {
    key: row.key,
    label: row.label ?? gone,
    calls: row.calls,
    failed_calls: row.failed,
    input_tokens: Number(row.input),
    cached_tokens: Number(row.cached),
    output_tokens: Number(row.output),
    cost_usd: Number(row.cost),
    unpriced_calls: row.unpriced,
  };
}

/** What no workflow asked for is what the memory embeds by itself. */
const nameWithout = (workflowId: string): string =>
  workflowId === '0' ? 'Memory' : `Deleted workflow ${workflowId}`;

const NOTHING = {
  calls: 0,
  failed_calls: 0,
  input_tokens: 0,
  cached_tokens: 0,
  output_tokens: 0,
  cost_usd: 0,
  unpriced_calls: 0,
};

/** Days without a call are days as well. */
function everyDay(found: readonly Item[], from: string, to: string): Item[] {
  const known = new Map(found.map((item) => [item.key, item]));
  const days = Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;
  return Array.from({ length: days }, (_, at) => {
    const key = dayOf(Date.parse(from) + at * DAY_MS);
    return known.get(key) ?? { key, label: key, ...NOTHING };
  });
}

function totalOf(items: readonly Item[]): Report['totals'] {
  const total = { ...NOTHING };
  for (const item of items) {
    for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += item[name];
  }
  return { ...total, cost_usd: Number(total.cost_usd.toFixed(9)) };
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

function rangeOf(from: string | undefined, to: string | undefined): { from: string; to: string } {
  const last = to === undefined ? Date.now() : dateOf('to', to);
  const first = from === undefined ? last - (USUAL_DAYS - 1) * DAY_MS : dateOf('from', from);
  if (dayOf(first) > dayOf(last)) throw wrong('from', 'The range ends before it begins.', from);
  if (last - first > MAX_DAYS * DAY_MS) throw wrong('from', `A range has at most ${MAX_DAYS} days.`, from);
  return { from: dayOf(first), to: dayOf(last) };
}

function dateOf(field: string, day: string): number {
  const ms = Date.parse(`${day}T00:00:00Z`);
  // The calendar forgives 31 April; a report does not.
  if (Number.isNaN(ms) || dayOf(ms) !== day || day < '2000-01-01' || day > '2200-01-01') {
    throw wrong(field, 'There is no such day.', day);
  }
  return ms;
}

const wrong = (field: string, msg: string, input: unknown): AppError =>
  new AppError('invalid', [{ type: 'value_error', loc: ['query', field], msg, input }]);
