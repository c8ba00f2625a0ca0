import type { At, NullableJson } from './column-type.ts';

/** What a step has changed through the API. */
export interface ApiCallTable {
  execution_id: string;
  /** The same when the same step asks for the same again. */
  key: string;
  operation: string;
  /** Null: it is under way, or the process died in it. */
  status: number | null;
  body: NullableJson;
  claimed_at: At;
}
