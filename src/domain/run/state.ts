import type { Iterate, Reply } from '../node/executor.ts';
import type { StepState } from './event.ts';
import type { Failure, FinalStatus, Outputs, Suspension } from './fact.ts';
import type { RunOptions } from './option.ts';
import type { PlannedFrame, PlannedNode, RunPlan } from './planned.ts';

export const TOKEN_NONE = 0;
export const TOKEN_TAKEN = 1;
export const TOKEN_SKIPPED = 2;

/** Outside all loops. */
export const ROOT_SCOPE = '';

/** How far a loop is. */
export interface LoopProgress {
  readonly iterate: Iterate;
  /** The next item to begin with. */
  next: number;
  /** Repetitions under way. */
  running: number;
  done: number;
  readonly results: unknown[];
  readonly errors: unknown[];
  /** No further repetition is begun. */
  isBroken: boolean;
}

/** Where one step is. */
export interface StepProgress {
  state: StepState;
  attempt: number;
  /** Incoming edges that carry a token already, and how many of those are taken. */
  arrived: number;
  taken: number;
  /** What the node gave; for a wait, what it will give. */
  outputs: Outputs | null;
  error: Failure | null;
  /** Ends of waits and pauses, ms since the epoch. */
  until: number | null;
  suspension: Suspension | null;
  loop: LoopProgress | null;
}

/** What has come for a node that runs for each arrival. */
export interface Arrivals {
  arrived: number;
  taken: number;
  /** Repetitions under way. */
  running: number;
  isOver: boolean;
}

/** The run itself, or one repetition of a part of it. */
export interface Scope {
  /** `''` for the run, else the path from the outermost repetition: `/loop1:3/inner:0`. */
  readonly path: string;
  readonly frame: PlannedFrame;
  readonly parent: Scope | null;
  /** Of the item; for an arrival the order of its edge. */
  readonly index: number;
  readonly item: unknown;
  /** By slot of the frame's nodes. */
  readonly steps: StepProgress[];
  /** By slot of the edges at home here. */
  readonly tokens: Uint8Array;
  /** Outputs of its finished nodes by node id. */
  readonly outputs: Record<string, Outputs>;
  /** By place in the frame's `eachFrames`. */
  readonly arrivals: Arrivals[];
  /** Open repetitions in here. */
  readonly children: Set<Scope>;
  /** Steps and groups of arrivals that are not yet at an end. */
  open: number;
  isOver: boolean;
  /** What the repetition returned, and the order of the edge that brought it. */
  returned: { readonly order: number; readonly value: unknown } | null;
}

/** A run as its facts tell it. Only `advance` changes it. */
export interface RunState {
  status: 'running' | FinalStatus;
  readonly options: RunOptions;
  readonly root: Scope;
  /** Open scopes by path. */
  readonly scopes: Map<string, Scope>;
  /** Steps that have ended with outputs or an error, in all scopes. */
  finished: number;
  trigger: unknown;
  reply: Reply | null;
  error: Failure | null;
}

const fresh = (): StepProgress => ({
  state: 'pending',
  attempt: 0,
  arrived: 0,
  taken: 0,
  outputs: null,
  error: null,
  until: null,
  suspension: null,
  loop: null,
});

interface NewScope {
  readonly path: string;
  readonly frame: PlannedFrame;
  readonly parent: Scope | null;
  readonly index: number;
  readonly item: unknown;
}

export function newScope({ path, frame, parent, index, item }: NewScope): Scope {
  return {
    path,
    frame,
    parent,
    index,
    item,
    steps: frame.nodes.map(fresh),
    tokens: new Uint8Array(frame.edgeCount),
    outputs: Object.create(null) as Record<string, Outputs>,
    arrivals: frame.eachFrames.map(() => ({ arrived: 0, taken: 0, running: 0, isOver: false })),
    children: new Set(),
    open: frame.nodes.length + frame.eachFrames.length,
    isOver: false,
    returned: null,
  };
}

/** The state of a run about which nothing is known yet. */
export function emptyState(plan: RunPlan, options: RunOptions = {}): RunState {
  const root = newScope({ path: ROOT_SCOPE, frame: plan.root, parent: null, index: 0, item: null });
  return {
    status: 'running',
    options,
    root,
    scopes: new Map([[ROOT_SCOPE, root]]),
    finished: 0,
    trigger: null,
    reply: null,
    error: null,
  };
}

/** A node's step in a scope of its frame. */
export function stepIn(scope: Scope, node: PlannedNode): StepProgress {
  const step = scope.steps[node.slot];
  if (!step || node.frame !== scope.frame)
    throw new Error(`${node.id} has no step in ${scope.path || 'the run'}.`);
  return step;
}

/** The step a fact is about; undefined when its repetition is over or never was. */
export function findStep(state: RunState, node: PlannedNode, path: string): StepProgress | undefined {
  const scope = state.scopes.get(path);
  return scope?.frame === node.frame ? scope.steps[node.slot] : undefined;
}
