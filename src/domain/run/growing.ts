import type { PlannedEdge, PlannedNode } from './planned.ts';

/** A planned part while its frame and slot are still to be found. */
export type Growing<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };
export type GrowingNode = Growing<PlannedNode>;
export type GrowingEdge = Growing<PlannedEdge>;
