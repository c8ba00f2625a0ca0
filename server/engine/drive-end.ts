import type { RunResult } from './interface.ts';

/**
 * `ended`: the run is over and recorded. `parked`: it waits in the database. `lost`: somebody else has it.
 * `unrecordable`: the database refuses its history; `seq` is the next event's number.
 */
export type DriveEnd =
  | { readonly kind: 'ended'; readonly result: RunResult }
  /** `goOn`: what it waits for came while it was being parked. */
  | { readonly kind: 'parked'; readonly goOn: boolean }
  | { readonly kind: 'lost' }
  | { readonly kind: 'unrecordable'; readonly seq: number };
