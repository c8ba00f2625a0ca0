import type { Resumed } from '../node/executor.ts';
import type { Outputs } from './fact.ts';
import { inputsOf, scopeOf, valueOf } from './input.ts';
import type { PlannedEdge, PlannedFrame, PlannedNode } from './planned.ts';
import { newScope, ROOT_SCOPE, type Scope, stepIn, TOKEN_NONE, TOKEN_SKIPPED, TOKEN_TAKEN } from './state.ts';
import { iterationAround } from './view.ts';
import { endStep, lessOpen, skipFrame, type Work } from './work.ts';

/** A step has ended with or without outputs: hands out its tokens and wakes or skips what follows. */
export function sendTokens(work: Work, scope: Scope, node: PlannedNode): void {
  const step = stepIn(scope, node);
  if (node.opens && !step.loop) skipFrame(work, node.opens, scope.path);
  for (const edge of node.outgoing) {
    if (edge.role === 'body' || scope.tokens[edge.slot] !== TOKEN_NONE) continue;
    const taken = step.outputs !== null && Object.hasOwn(step.outputs, edge.sourcePort);
    scope.tokens[edge.slot] = taken ? TOKEN_TAKEN : TOKEN_SKIPPED;
    if (edge.role === 'return') giveBack(scope, edge, taken);
    else deliver(work, scope, edge, taken);
  }
}

/** The first taken edge in edge order decides what a repetition returns. */
function giveBack(scope: Scope, edge: PlannedEdge, taken: boolean): void {
  const iteration = iterationAround(scope);
  if (!taken || !iteration) return;
  if (iteration.returned && iteration.returned.order <= edge.order) return;
  iteration.returned = { order: edge.order, value: valueOf(scope, edge) };
}

/** To its target here, or in every open repetition the target lies in. */
function deliver(work: Work, scope: Scope, edge: PlannedEdge, taken: boolean): void {
  if (edge.into === scope.frame) arriveAt(work, scope, edge, taken);
  else for (const child of scope.children) deliver(work, child, edge, taken);
}

function arriveAt(work: Work, scope: Scope, edge: PlannedEdge, taken: boolean): void {
  if (edge.isArrival) arriveSingly(work, scope, edge, taken);
  else arrive(work, scope, edge.target, taken);
}

/** One more token for a node; runs or skips it as its join policy says. */
function arrive(work: Work, scope: Scope, node: PlannedNode, taken: boolean): void {
  const step = stepIn(scope, node);
  step.arrived += 1;
  if (taken) step.taken += 1;
  if (step.state !== 'pending') return;
  const isComplete = step.arrived === node.incoming.length;
  const { join } = node.node.settings;
  if (join === 'any' ? step.taken > 0 : isComplete && step.taken > 0 && !isTooFew(join, step)) {
    runStep(work, scope, node);
  } else if (isComplete) {
    step.state = 'skipped';
    work.effects.push({ kind: 'skip', node: node.id, scope: scope.path, attempt: 0 });
    endStep(work, scope, node);
  }
}

const isTooFew = (join: string, step: { taken: number; arrived: number }): boolean =>
  join === 'allTaken' && step.taken < step.arrived;

/** A node that runs for each arrival gets a repetition of its own for every taken edge. */
function arriveSingly(work: Work, scope: Scope, edge: PlannedEdge, taken: boolean): void {
  const { frame } = edge.target;
  const arrivals = scope.arrivals[scope.frame.eachFrames.indexOf(frame)];
  if (!arrivals) return;
  arrivals.arrived += 1;
  if (taken) {
    arrivals.taken += 1;
    arrivals.running += 1;
    const path = `${scope.path}/${edge.target.id}@${edge.id}`;
    const own = openScope(work, { path, frame, parent: scope, index: edge.order, item: null });
    runStep(work, own, edge.target);
  }
  settleArrivals(work, scope, frame);
}

/** Ends the group of arrivals once nothing more can come. */
export function settleArrivals(work: Work, scope: Scope, frame: PlannedFrame): void {
  const arrivals = scope.arrivals[scope.frame.eachFrames.indexOf(frame)];
  if (!arrivals || arrivals.isOver || arrivals.running > 0) return;
  if (arrivals.arrived < (frame.opener?.incoming.length ?? 0)) return;
  arrivals.isOver = true;
  if (arrivals.taken === 0) skipFrame(work, frame, scope.path);
  lessOpen(work, scope);
}

/** Begins one repetition: everything that has come from further out counts in it from the start. */
export function openScope(work: Work, wanted: Parameters<typeof newScope>[0]): Scope {
  const scope = newScope(wanted);
  const { frame, parent } = scope;
  work.state.scopes.set(scope.path, scope);
  parent?.children.add(scope);
  for (const edge of frame.bodyEdges) scope.tokens[edge.slot] = TOKEN_TAKEN;
  for (const edge of frame.inherited) {
    const token = scopeOf(scope, edge.home)?.tokens[edge.slot] ?? TOKEN_NONE;
    if (token !== TOKEN_NONE) arriveAt(work, scope, edge, token === TOKEN_TAKEN);
  }
  for (const edge of frame.bodyEdges) deliver(work, scope, edge, true);
  return scope;
}

/**
 * Starts the next attempt of a step, unless its outputs are there already; with `resumed` the attempt that was
 * suspended goes on.
 */
export function runStep(work: Work, scope: Scope, node: PlannedNode, resumed: Resumed | null = null): void {
  const step = stepIn(scope, node);
  if (!resumed) step.attempt += 1;
  step.until = null;
  step.suspension = null;
  const { attempt } = step;
  const place = { node: node.id, scope: scope.path, attempt };
  const ready = resumed ? undefined : readyOutputs(work, scope, node);
  if (ready) {
    step.state = 'success';
    step.outputs = ready;
    scope.outputs[node.id] = ready;
    work.effects.push({ kind: 'reuse', ...place, outputs: ready });
    endStep(work, scope, node);
    return;
  }
  step.state = 'running';
  const inputs = (scope.path === ROOT_SCOPE && work.state.options.inputs?.[node.id]) || inputsOf(scope, node);
  work.effects.push({ kind: 'run', ...place, inputs, resumed });
}

function readyOutputs({ state }: Work, scope: Scope, node: PlannedNode): Outputs | undefined {
  if (scope.path !== ROOT_SCOPE) return undefined;
  const { given, usePins, only } = state.options;
  // What is run alone is meant to run.
  if (only === node.id) return undefined;
  return given?.[node.id] ?? (usePins ? node.node.settings.pin : undefined);
}
