/** What stands for a value that was too large to be sent: its size and how its JSON begins. */
export interface CutValue {
  readonly bytes: number;
  readonly preview: string;
}

/** A page of such a value. */
export interface ValuePart {
  readonly kind: 'list' | 'text' | 'object' | 'value';
  /** Entries, or characters of a text. */
  readonly total: number;
  readonly items?: readonly unknown[] | undefined;
  readonly text?: string | undefined;
  readonly entries?: readonly { readonly key: string; readonly value: unknown }[] | undefined;
  readonly value?: unknown;
}

/** Reads on from `offset` in what lies at a path of keys and indexes separated by dots. */
export type ReadPart = (path: string, offset: number) => Promise<ValuePart>;

/** What has been read of a value so far. */
export interface Loaded {
  readonly entries: readonly (readonly [string | number, unknown])[];
  /** Of a text or a plain value. */
  readonly whole: unknown;
  readonly read: number;
  readonly total: number;
}

/** The value that stands for a larger one; null for any other. */
export function cutOf(value: unknown): CutValue | null {
  if (typeof value !== 'object' || value === null || !('$truncated' in value)) return null;
  const { $truncated, bytes, preview } = value as Record<string, unknown>;
  return $truncated === true && typeof bytes === 'number' && typeof preview === 'string'
    ? { bytes, preview }
    : null;
}

/** What is known after one more part. */
export function withPart(
  before: Loaded | null,
  { kind, total, items, text, entries, value }: ValuePart,
): Loaded {
  const known = before?.entries ?? [];
  if (kind === 'text') {
    const whole = `${before === null ? '' : String(before.whole)}${text ?? ''}`;
    return { entries: [], whole, read: whole.length, total };
  }
  if (kind === 'value') return { entries: [], whole: value, read: 1, total: 1 };
  const more =
    kind === 'list'
      ? (items ?? []).map((item, index) => [known.length + index, item] as const)
      : (entries ?? []).map((entry) => [entry.key, entry.value] as const);
  const all = [...known, ...more];
  return { entries: all, whole: undefined, read: all.length, total };
}
