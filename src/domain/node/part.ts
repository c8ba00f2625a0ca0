import type { SlotType } from '../graph/port-type.ts';

/** A node that is plugged into a slot of another one: a model, a tool, a memory. */
export interface Part {
  readonly id: string;
  readonly type: string;
  /** Its label, else its id. */
  readonly title: string;
  readonly slot: SlotType;
  /** Templates are filled in already; whoever uses it checks it with the type's schema. */
  readonly config: Readonly<Record<string, unknown>>;
  /** For one use of it. */
  readonly timeoutMs: number;
  /** What is plugged into it, by input port. */
  readonly parts: Parts;
}

/** By input port, in edge order. Ports nothing is plugged into are absent. */
export type Parts = Readonly<Record<string, readonly Part[]>>;

export const NO_PARTS: Parts = {};
