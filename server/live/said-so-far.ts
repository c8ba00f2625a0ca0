import type { CleanerOf, SaidSoFar } from '#server/engine/interface.ts';
import type { LiveBus } from './live-bus.ts';
import { runTopic } from './live-piece.ts';

/** In characters; as much as an answer may have in a chat. */
const LONGEST = 200_000;

/** What the steps of a run, not the tools they call, are writing at the moment it is stopped. */
export const createSaidSoFar =
  (bus: LiveBus, cleanerOf: CleanerOf): SaidSoFar =>
  ({ executionId, rootId }) => {
    const said = bus
      .unfinished(runTopic(executionId))
      // A call within a step stands behind a space; see step-stream.ts.
      .filter(({ kind, scope }) => kind === 'text' && !scope.includes(' '))
      .map(({ text }) => text.trim())
      .filter((text) => text !== '')
      .join('\n\n');
    // A secret may have come in several pieces.
    return (cleanerOf(rootId)?.text(said) ?? said).slice(0, LONGEST);
  };
