import { placesOf } from '#domain/run/scope.ts';
import { EMPTY_LEDGER, editLedger, type Ledger, type LedgerDraft } from './ledger.ts';
import { type CardState, FRESH, isEnded, type Progress, type StepView, type Tally } from './step-view.ts';
import { sumOf } from './usage.ts';

type Counts = Partial<Record<CardState, number>>;

/** One node of a loop while a batch of messages is worked in. */
interface Draft {
  readonly ledger: LedgerDraft;
  readonly counts: Counts;
  readonly taken: Record<string, number>;
  step: StepView;
  loop: string;
  depth: number;
  done: number;
  progress: Progress | null;
}

/** What one message says of one repetition. */
export interface RepetitionNews {
  readonly node: string;
  readonly scope: string;
  /** The repetition as a step of its own. */
  readonly step: StepView;
}

/** Gathers what a batch of messages says of repeated nodes. */
export interface RepetitionBatch {
  readonly note: (news: RepetitionNews) => void;
  /** Writes the gathered into `steps`. @returns the ledgers after the batch. */
  readonly finish: (steps: Record<string, StepView>) => Readonly<Record<string, Ledger>>;
}

export function repetitionBatch(
  steps: Readonly<Record<string, StepView>>,
  ledgers: Readonly<Record<string, Ledger>>,
): RepetitionBatch {
  const drafts = new Map<string, Draft>();
  const draftOf = (node: string): Draft => {
    let draft = drafts.get(node);
    if (!draft) {
      draft = openDraft(steps[node], ledgers[node] ?? EMPTY_LEDGER);
      drafts.set(node, draft);
    }
    return draft;
  };
  return {
    note: ({ node, scope, step }) => noteIn(draftOf(node), scope, step),
    finish: (into) => {
      for (const [node, draft] of drafts) into[node] = closed(draft);
      const own = [...drafts].map(([node, draft]) => [node, draft.ledger.ledger] as const);
      return own.length === 0 ? ledgers : { ...ledgers, ...Object.fromEntries(own) };
    },
  };
}

function openDraft(step: StepView | undefined, ledger: Ledger): Draft {
  const { tally } = step ?? FRESH;
  return {
    ledger: editLedger(ledger),
    counts: { ...tally?.counts },
    taken: { ...(tally && step?.taken) },
    step: tally && step ? step : FRESH,
    loop: tally?.loop ?? '',
    depth: tally?.depth ?? 0,
    done: tally?.done ?? 0,
    progress: (tally && step?.progress) ?? null,
  };
}

function noteIn(draft: Draft, scope: string, one: StepView): void {
  const { state } = one;
  const old = draft.ledger.get(scope);
  const progress = one.progress ?? old?.progress ?? null;
  draft.ledger.put(scope, { state, progress });
  if (old) draft.counts[old.state] = (draft.counts[old.state] ?? 1) - 1;
  draft.counts[state] = (draft.counts[state] ?? 0) + 1;
  const fresh = isEnded(state) && !(old && isEnded(old.state));
  if (fresh) {
    draft.done += 1;
    for (const port of Object.keys(one.taken ?? {})) draft.taken[port] = (draft.taken[port] ?? 0) + 1;
  }
  if (progress) draft.progress = moved(draft.progress, old?.progress ?? null, progress);
  const places = placesOf(scope);
  draft.loop = places.at(-1)?.loop ?? '';
  draft.depth = places.length;
  draft.step = {
    ...one,
    durationMs: fresh ? (draft.step.durationMs ?? 0) + (one.durationMs ?? 0) : draft.step.durationMs,
    error: one.error ?? draft.step.error,
    errorCode: one.errorCode ?? draft.step.errorCode,
    startedAt: draft.step.startedAt ?? one.startedAt,
    until: one.until ?? draft.step.until,
    shown: one.shown ?? draft.step.shown,
    usage: fresh ? sumOf(draft.step.usage, one.usage) : draft.step.usage,
  };
}

/** The sum over all repetitions after one of them has moved on. */
function moved(sum: Progress | null, from: Progress | null, to: Progress): Progress {
  return {
    done: (sum?.done ?? 0) - (from?.done ?? 0) + to.done,
    total: (sum?.total ?? 0) - (from?.total ?? 0) + to.total,
  };
}

function closed({ step, counts, taken, loop, depth, done, progress }: Draft): StepView {
  const tally: Tally = { loop, depth, counts, done, total: null };
  return { ...step, taken: done > 0 ? taken : null, progress, tally };
}

/**
 * Gives every repeated node the one state its card shows: it runs as long as its loop does, so that nothing flickers
 * between two items. Steps that do not change keep their identity.
 */
export function summarised(steps: Record<string, StepView>): Record<string, StepView> {
  const repeated = Object.entries(steps).filter(([, step]) => step.tally);
  repeated.sort(([, a], [, b]) => (a.tally?.depth ?? 0) - (b.tally?.depth ?? 0));
  for (const [id] of repeated) {
    const step = steps[id];
    if (!step?.tally) continue;
    const loop = step.tally.loop === id ? undefined : steps[step.tally.loop];
    const state = stateOf(step.tally, loop);
    const total = loop?.progress?.total ?? null;
    if (step.state === state && step.tally.total === total) continue;
    steps[id] = { ...step, state, tally: { ...step.tally, total } };
  }
  return steps;
}

function stateOf({ counts }: Tally, loop: StepView | undefined): CardState {
  const some = (state: CardState): boolean => (counts[state] ?? 0) > 0;
  const going = loop !== undefined && !isEnded(loop.state);
  // Somebody has to do something, while everything else goes on by itself.
  if (some('waiting') && !some('running')) return 'waiting';
  if (some('running') || some('queued') || going) return 'running';
  if (some('failed')) return 'failed';
  if (some('success')) return 'success';
  return some('cancelled') ? 'cancelled' : 'skipped';
}
