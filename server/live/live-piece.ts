import type { StreamPiece } from '#domain/node/ai-capability.ts';

/** A piece of an answer while it is written, and where it belongs. */
export interface LivePiece extends StreamPiece {
  readonly executionId: string;
  readonly workflowId: number;
  readonly node: string;
  /** Which repetition of the node, empty outside loops. */
  readonly scope: string;
}

/** What a reader may be interested in: one run, or all runs of a workflow. */
export type LiveTopic = `run:${string}` | `workflow:${number}`;

export const runTopic = (executionId: string): LiveTopic => `run:${executionId}`;
export const workflowTopic = (workflowId: number): LiveTopic => `workflow:${workflowId}`;

const goesOn = (one: LivePiece, next: LivePiece): boolean =>
  one.executionId === next.executionId &&
  one.node === next.node &&
  one.scope === next.scope &&
  one.turn === next.turn &&
  one.kind === next.kind &&
  (one.kind === 'text' || one.kind === 'reasoning');

/** The same pieces in fewer: what follows on one another becomes one. */
export function merged(pieces: readonly LivePiece[]): LivePiece[] {
  const out: LivePiece[] = [];
  const open = new Map<string, number>();
  for (const piece of pieces) {
    const key = `${piece.executionId} ${piece.node} ${piece.scope}`;
    const at = open.get(key);
    const last = at === undefined ? undefined : out[at];
    if (at !== undefined && last && goesOn(last, piece)) out[at] = { ...last, text: last.text + piece.text };
    else {
      open.set(key, out.length);
      out.push(piece);
    }
  }
  return out;
}
