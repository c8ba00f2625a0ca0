/** What nodes ask the memory for. Everything stays within the environment of the run. */
export type MemoryRequest = RecallRequest | RememberRequest | IdentifyRequest;

export const MEMORY_KINDS = ['facts', 'episodes', 'procedures', 'all'] as const;
export type MemoryKind = (typeof MEMORY_KINDS)[number];

export const FACT_TYPES = [
  'user_preference',
  'world_knowledge',
  'self_knowledge',
  'correction',
  'relationship',
] as const;
export type FactType = (typeof FACT_TYPES)[number];

/** Looks something up: by its key, else by what it says. Without either the newest are given. */
export interface RecallRequest {
  readonly kind: 'recall';
  readonly memory: MemoryKind;
  readonly key: string | null;
  readonly query: string | null;
  readonly limit: number;
  /** From 0 to 1. */
  readonly minConfidence: number;
}

/** Keeps a fact. One that is known already is confirmed, or replaced where its value differs and `overwrite` says so. */
export interface RememberRequest {
  readonly kind: 'remember';
  readonly key: string;
  /** JSON. */
  readonly value: unknown;
  readonly factType: FactType;
  readonly overwrite: boolean;
}

/** Finds out who somebody is, by the channel they write through; whoever is new is written down. */
export interface IdentifyRequest {
  readonly kind: 'identify';
  readonly channel: string;
  /** Theirs in that channel. */
  readonly externalId: string;
  readonly displayName: string | null;
}

export interface Recalled {
  readonly kind: Exclude<MemoryKind, 'all'>;
  readonly key: string;
  readonly value: unknown;
  readonly confidence: number;
  /** ISO 8601. */
  readonly at: string;
}

export interface Identified {
  readonly userId: string;
  readonly isNew: boolean;
  /** What is known about them. */
  readonly context: Readonly<Record<string, unknown>>;
}

interface MemoryAnswers {
  readonly recall: readonly Recalled[];
  readonly remember: { readonly created: boolean; readonly timesConfirmed: number };
  readonly identify: Identified;
}

export type MemoryAnswer<R extends MemoryRequest> = MemoryAnswers[R['kind']];
