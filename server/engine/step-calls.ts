import type { Pool } from 'pg';
import type { RecordedCall } from '#domain/node/ai-capability.ts';
import { StepError } from '#domain/node/executor.ts';
import type { RunEventType } from '#domain/run/event.ts';
import { storable } from '#domain/text.ts';
import type { StepPlace } from './interface.ts';
import { outputText } from './json-text.ts';
import { toldKey, toldOf } from './told.ts';

/** What a recorded call gave. */
export interface CallRecord {
  readonly result: unknown;
  readonly isError: boolean;
  readonly isTool: boolean;
}

interface NewCall extends RecordedCall {
  readonly result: unknown;
  readonly isError?: boolean;
  /** The node of the tool; null for what the step does itself. */
  readonly toolNode?: string | null;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

interface Row {
  readonly key: string;
  readonly result: unknown;
  readonly is_error: boolean;
  readonly tool_node: string | null;
}

type Place = Pick<StepPlace, 'executionId' | 'node' | 'scope' | 'token'>;

const READ =
  'select key, result, is_error, tool_node from step_calls where execution_id = $1 and node_id = $2 and scope = $3';
/** Nobody but who still has the run may say what happened in it. The lock keeps the run from being taken meanwhile. */
const WRITE = `
with mine as (select from executions where id = $1 and owner is not null and owner_token = $12 for share),
written as (
  insert into step_calls
    (execution_id, node_id, scope, key, kind, title, tool_node, request, result, is_error, started_at)
  select $1, $2, $3, $4, $5, $6, $7, $8::json, $9::json, $10, to_timestamp($11::float8 / 1000) from mine
  on conflict do nothing returning key
)
select exists (select from mine) as mine, exists (select from written) as written`;

/** Where the calls of steps are kept. */
export interface CallStore {
  read(place: Place): Promise<Map<string, CallRecord>>;
  /**
   * Resolves once the call is durable. Rejects with StepError `run_lost` when another process has the run, and
   * `output_too_large` for what cannot be kept.
   */
  write(place: Place, call: NewCall): Promise<void>;
  /** What of the step's calls has been told, as {@link toldOf} gives it. */
  told(place: Place): Promise<Set<string>>;
}

export class StepCalls implements CallStore {
  private readonly pool: Pool;

  constructor(pool: Pool) {
    this.pool = pool;
  }

  async read({ executionId, node, scope }: Place): Promise<Map<string, CallRecord>> {
    const { rows } = await this.pool.query<Row>({
      name: 'pipewright_calls',
      text: READ,
      values: [executionId, node, scope],
    });
    return new Map(
      rows.map(({ key, result, is_error, tool_node }) => [
        key,
        { result, isError: is_error, isTool: tool_node !== null },
      ]),
    );
  }

  async write(place: Place, call: NewCall): Promise<void> {
    const { key, kind, title, toolNode = null, request = null, result, isError = false, startedAt } = call;
    const { rows } = await this.pool.query<{ mine: boolean; written: boolean }>({
      name: 'pipewright_call',
      text: WRITE,
      values: [
        place.executionId,
        place.node,
        place.scope,
        key,
        kind,
        storable(title.slice(0, 500)),
        toolNode,
        outputText(request),
        outputText(result),
        isError,
        startedAt,
        place.token,
      ],
    });
    if (rows[0]?.mine === false) throw new StepError('run_lost', 'Another process goes on with this run.');
    if (rows[0]?.written === false) {
      throw new StepError('call_repeated', `The step has used the key ${key} twice at the same time.`);
    }
  }

  told(place: Place): Promise<Set<string>> {
    return toldOf(this.pool, place);
  }
}

/** The calls of one step under way: what is recorded is read when the first of them is made. */
export class CallLog {
  private readonly calls: CallStore;
  private readonly place: Place;
  private readonly clean: <T>(value: T) => T;
  private recorded: Promise<Map<string, CallRecord>> | null = null;
  private told: Promise<Set<string>> | null = null;
  /** Made before this attempt of the step. */
  private readonly replayed = new Set<string>();

  constructor(calls: CallStore, place: Place, clean: <T>(value: T) => T) {
    this.calls = calls;
    this.place = place;
    this.clean = clean;
  }

  /** Whether the step has made or replayed any call. */
  get isUsed(): boolean {
    return this.recorded !== null;
  }

  /** How many tools the step has called, over all its attempts. */
  async toolCalls(): Promise<number> {
    const all = [...((await this.recorded)?.values() ?? [])];
    return all.filter(({ isTool }) => isTool).length;
  }

  async find(key: string): Promise<CallRecord | undefined> {
    this.recorded ??= this.calls.read(this.place);
    const found = (await this.recorded).get(key);
    if (found) this.replayed.add(key);
    return found;
  }

  /** Whether the listeners of the run know already: only what was made before this attempt can have been told. */
  async wasTold(type: RunEventType, key: string): Promise<boolean> {
    if (!this.replayed.has(key)) return false;
    this.told ??= this.calls.told(this.place);
    return (await this.told).has(toldKey(type, key));
  }

  /** @returns the result as it is recorded: without secrets, and as JSON gives it back. */
  async record<T>(call: NewCall & { readonly result: T }): Promise<T> {
    const clean = this.clean({ ...call });
    await this.calls.write(this.place, clean);
    const result = JSON.parse(JSON.stringify(clean.result ?? null)) as T;
    (await this.recorded)?.set(call.key, {
      result,
      isError: call.isError ?? false,
      isTool: (call.toolNode ?? null) !== null,
    });
    return result;
  }
}
