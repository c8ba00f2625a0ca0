import type { OutputOf } from '#contract/contract.ts';

/** The kinds of what agents keep, in the order of the tabs. */
export const KINDS = ['facts', 'episodes', 'procedures', 'users', 'checkpoints'] as const;
export type Kind = (typeof KINDS)[number];

interface Memories {
  facts: OutputOf<'memories', 'facts'>['items'][number];
  episodes: OutputOf<'memories', 'episodes'>['items'][number];
  procedures: OutputOf<'memories', 'procedures'>['items'][number];
  users: OutputOf<'memories', 'users'>['items'][number];
  checkpoints: OutputOf<'memories', 'checkpoints'>['items'][number];
}
export type Memory<K extends Kind> = Memories[K];
export interface MemoryPage<K extends Kind> {
  readonly items: readonly Memory<K>[];
  readonly total: number;
}

interface KindWords {
  readonly label: string;
  readonly one: string;
  readonly many: string;
  /** What the search looks through. */
  readonly search: string;
  /** What fills the list. */
  readonly filledBy: string;
  /** What deleting means. */
  readonly forgotten: string;
}

export const KIND_WORDS: Readonly<Record<Kind, KindWords>> = {
  facts: {
    label: 'Facts',
    one: 'fact',
    many: 'facts',
    search: 'Search keys and values',
    filledBy: 'Agents write down what they learn: about people, about the world and about themselves.',
    forgotten: 'Agents will not know it any more.',
  },
  episodes: {
    label: 'Episodes',
    one: 'episode',
    many: 'episodes',
    search: 'Search summaries',
    filledBy: 'Every time an agent has finished something, it keeps what it was about and how it went.',
    forgotten: 'Agents will not remember having done it.',
  },
  procedures: {
    label: 'Procedures',
    one: 'procedure',
    many: 'procedures',
    search: 'Search names',
    filledBy: 'Agents keep ways of doing things that worked, and count how often they do.',
    forgotten: 'Agents will have to work it out again.',
  },
  users: {
    label: 'People',
    one: 'person',
    many: 'people',
    search: 'Search people',
    filledBy: 'Whoever talks to an agent is kept here, so that it knows them again.',
    forgotten: 'Agents will meet them as strangers. Facts about them stay until you delete those, too.',
  },
  checkpoints: {
    label: 'Conversations',
    one: 'state',
    many: 'states',
    search: 'Search threads',
    filledBy: 'An agent with conversation memory keeps a state after every turn, from which it goes on.',
    forgotten: 'An agent that would go on from there starts over.',
  },
};
