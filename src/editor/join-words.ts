import type { NodeSettings } from '#domain/graph/graph.ts';

export type Join = NodeSettings['join'];

interface JoinWords {
  /** On the card. */
  readonly short: string;
  /** In the settings. */
  readonly title: string;
  readonly explanation: string;
}

/** The join policies in plain words, for whoever has never heard of one. */
export const JOIN_WORDS: Readonly<Record<Join, JoinWords>> = {
  all: {
    short: 'All',
    title: 'Wait for all, run with what was taken',
    explanation:
      'Runs once, when every edge has either brought something or been skipped. Skipped only when all were skipped.',
  },
  any: {
    short: 'Any',
    title: 'Run with the first that arrives',
    explanation: 'Runs once, as soon as one edge brings something. What arrives later is ignored.',
  },
  each: {
    short: 'Each',
    title: 'Run for every one that arrives',
    explanation: 'Runs once for every edge that brings something, and so does everything behind it.',
  },
  allTaken: {
    short: 'All taken',
    title: 'Run only if all were taken',
    explanation: 'Runs once, when every edge has brought something. One skipped edge is enough to skip it.',
  },
};
