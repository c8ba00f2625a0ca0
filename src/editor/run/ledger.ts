import { type Iteration, inItemOrder } from '#domain/run/iteration.ts';
import type { CardState, Progress } from './step-view.ts';

/** How one repetition of a node stands. */
export interface Repetition {
  readonly state: CardState;
  /** Of a loop in a loop. */
  readonly progress: Progress | null;
}

/**
 * The repetitions of one node by scope, in small pages: a loop of ten thousand items tells of a few dozen per frame,
 * and only the pages they lie in are copied.
 */
export type Ledger = ReadonlyMap<string, ReadonlyMap<string, Repetition>>;

export const EMPTY_LEDGER: Ledger = new Map();

const PAGE = 256;

function pageOf(scope: string): string {
  const at = scope.lastIndexOf(':');
  return `${scope.slice(0, at)}:${Math.floor(Number(scope.slice(at + 1)) / PAGE)}`;
}

/** One repetition; undefined when nothing is known of it. */
export const repetitionAt = (ledger: Ledger, scope: string): Repetition | undefined =>
  ledger.get(pageOf(scope))?.get(scope);

/** A ledger being changed; the one it came from stays as it was. */
export interface LedgerDraft {
  readonly get: (scope: string) => Repetition | undefined;
  readonly put: (scope: string, repetition: Repetition) => void;
  readonly ledger: Ledger;
}

export function editLedger(before: Ledger): LedgerDraft {
  const ledger = new Map(before);
  const own = new Map<string, Map<string, Repetition>>();
  return {
    ledger,
    get: (scope) => repetitionAt(ledger, scope),
    put: (scope, repetition) => {
      const name = pageOf(scope);
      let page = own.get(name);
      if (!page) {
        page = new Map(ledger.get(name));
        own.set(name, page);
        ledger.set(name, page);
      }
      page.set(scope, repetition);
    },
  };
}

/** The repetitions that were reached, in the order of the items. */
export function iterationsIn(ledger: Ledger): Iteration[] {
  const reached: Iteration[] = [];
  for (const page of ledger.values())
    for (const [scope, { state }] of page) reached.push({ scope, failed: state === 'failed' });
  return inItemOrder(reached);
}
