/** What nodes ask the memory for. Everything stays within the environment of the run. */
export type MemoryRequest = RecallRequest | RememberRequest | LearnRequest | IdentifyRequest;

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

/** Whom a fact is for, the nearest first: where several scopes know a key, the first of them wins. */
export const MEMORY_SCOPES = ['session', 'user', 'agent', 'global'] as const;
export type MemoryScope = (typeof MEMORY_SCOPES)[number];

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
  /**
   * `auto`: what somebody prefers and how they are related to others is kept with them where it is known who the run
   * talks to, everything else is for all workflows of the environment.
   */
  readonly scope: MemoryScope | 'auto';
}

/** Keeps how something is done; the same name again replaces it. */
export interface LearnRequest {
  readonly kind: 'learn';
  readonly name: string;
  readonly description: string;
  /** JSON: the steps. */
  readonly content: unknown;
  /** Also where nobody vouches for whoever explains it: it is followed in everybody's runs. */
  readonly fromStrangers?: boolean;
}

/**
 * Finds out who somebody is, by the channel they write through; whoever is new is written down. What strangers, or
 * models, say about who somebody is counts for nothing.
 */
export interface IdentifyRequest {
  readonly kind: 'identify';
  readonly channel: string;
  /** Theirs in that channel; empty: whoever started the run or chats with it. */
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

export interface Remembered {
  /** `kept`: another value is known, and was not to be overwritten. */
  readonly outcome: 'created' | 'confirmed' | 'replaced' | 'kept';
  readonly created: boolean;
  readonly timesConfirmed: number;
}

export interface Identified {
  readonly userId: string;
  readonly isNew: boolean;
  /** What is known about them. */
  readonly context: Readonly<Record<string, unknown>>;
}

interface MemoryAnswers {
  readonly recall: readonly Recalled[];
  readonly remember: Remembered;
  readonly learn: { readonly created: boolean };
  readonly identify: Identified;
}

export type MemoryAnswer<R extends MemoryRequest> = MemoryAnswers[R['kind']];
