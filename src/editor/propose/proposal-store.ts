import type { GraphCommand } from '#domain/graph/command.ts';
import type { Graph } from '#domain/graph/graph.ts';

/** How a change that is described in words stands. Null in the store: nobody describes one. */
export type Proposal =
  | {
      readonly stage: 'asking';
      readonly prompt: string;
      readonly problems: readonly string[];
      /** The last answer was given up while it was written. */
      readonly stopped?: boolean;
    }
  | {
      readonly stage: 'writing';
      readonly prompt: string;
      readonly id: string;
      /** Which answer it is: the first, or a correction. */
      readonly turn: number;
      readonly text: string;
      /** Hangs up, so that the model is asked no longer, and goes back to the words it was asked with. */
      readonly stop: () => void;
    }
  | {
      readonly stage: 'review';
      readonly prompt: string;
      /** What the change was made for. */
      readonly base: Graph;
      readonly commands: readonly GraphCommand[];
      readonly summary: string;
      readonly tokens: number;
      /** US dollars. */
      readonly cost: number;
      /** Keys of the changes that are turned down. */
      readonly rejected: ReadonlySet<string>;
    };

export type Review = Extract<Proposal, { stage: 'review' }>;

/** How a card or a wire of a proposed change is marked. */
export interface Mark {
  readonly kind: 'added' | 'changed' | 'removed';
  readonly rejected: boolean;
}

/** Marks by node id and by edge id; empty outside a review. */
export interface Marks {
  readonly nodes: Readonly<Record<string, Mark>>;
  readonly edges: Readonly<Record<number, Mark>>;
  /** Takes or leaves the change of a node. */
  readonly toggle: (node: string) => void;
}

export const NO_MARKS: Marks = { nodes: {}, edges: {}, toggle: () => undefined };
