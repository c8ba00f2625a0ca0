/** The JSON type of a key; with `?` it may be null. `time` is UTC in ISO 8601 with Z. */
type Kind = 'int' | 'number' | 'string' | 'bool' | 'object' | 'array' | 'time' | 'any';
export type Shape = Readonly<Record<string, Kind | `${Exclude<Kind, 'any'>}?`>>;

/** Whose key a row is called with. `late` and `reset` are what earlier rows kept. */
export type Caller = 'admin' | 'user' | 'other' | 'gateway' | 'nobody';

/**
 * One call as the documented clients make it, and what the contract says of the answer. `{name}` in the path, the
 * body and the detail stands for what an earlier row kept.
 */
export interface Row {
  readonly call: `${'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'} ${string}`;
  readonly as?: Caller;
  /** Absent: no body, but the JSON content type all the same. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  /** Every documented key of the answer, with its type. */
  readonly shape?: Shape;
  /** Where the shape is to be found: `items` of a list, or the key of something inside. */
  readonly at?: string;
  /** Each element of the list at `at` has the shape, and there is one at least. */
  readonly each?: boolean;
  /** Some of the values. */
  readonly value?: unknown;
  /** Texts that occur in the answer. */
  readonly says?: readonly string[];
  /** The exact `detail` of an error. */
  readonly detail?: string;
  /** The `loc` of the first fault of a 422. */
  readonly loc?: readonly (string | number)[];
  readonly answers?: Readonly<Record<string, string>>;
  /** Names for parts of the answer, by their path in it. */
  readonly keep?: Readonly<Record<string, string>>;
  /** Asked again until it is so, for a while: runs take their time. */
  readonly eventually?: boolean;
}

/** An envelope with at least one item of this shape. */
export const listOf = (shape: Shape): Pick<Row, 'shape' | 'at' | 'each'> => ({
  shape,
  at: 'items',
  each: true,
});
/** A bare array with at least one element of this shape. */
export const arrayOf = (shape: Shape): Pick<Row, 'shape' | 'at' | 'each'> => ({ shape, at: '', each: true });
