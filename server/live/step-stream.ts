import type { StreamPiece } from '#domain/node/ai-capability.ts';
import type { CleanerOf, StepPlace } from '#server/engine/interface.ts';
import type { LiveBus } from './live-bus.ts';

export type StepStream = (place: StepPlace, piece: StreamPiece) => void;

/** How steps show what they write while they write it; secrets of the run are taken out of every piece. */
export const createStepStream =
  (bus: LiveBus, cleanerOf: CleanerOf): StepStream =>
  (place, { kind, turn, text }) =>
    bus.write({
      executionId: place.executionId,
      workflowId: place.workflowId,
      node: place.actor,
      scope: place.call === '' ? place.scope : `${place.scope} ${place.call}`,
      kind,
      turn,
      text: cleanerOf(place.rootId)?.text(text) ?? text,
    });
