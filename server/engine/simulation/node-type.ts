import { z } from 'zod';
import type { Port } from '#domain/graph/graph.ts';
import type { AnyDefinition, DefinitionOf } from '#domain/node/definition.ts';
import type { BreakRule, OnItemError, Outcome, Resumed } from '#domain/node/executor.ts';
import type { StepEnd } from '#domain/run/execute-step.ts';
import { hashOf } from './chance.ts';

/** Node types of simulated workflows: what each does follows from its node, its place and the attempt alone. */
export interface SimConfig {
  readonly [key: string]: unknown;
  /** It fails so often before it works. */
  readonly failTimes?: number;
  /** Only in so many of a hundred repetitions, chosen by their place. */
  readonly failShare?: number;
  /** What an effect, or a thought, takes. */
  readonly ms?: number;
  readonly sources?: readonly string[];
  /** Nobody ever signals: its time runs out. */
  readonly expires?: boolean;
  readonly untilMs?: number | null;
  readonly human?: boolean;
  readonly count?: number;
  readonly parallelism?: number;
  readonly onItemError?: OnItemError;
  readonly breakWhen?: readonly BreakRule[];
}

const any = (name: string): Port => ({ name, type: 'any' });
const BOTH: readonly Port[] = [any('yes'), any('no')];
const config = z.looseObject({});

function type(
  name: string,
  effect: 'pure' | 'external',
  outputs: readonly Port[] = [any('out')],
  inputs: readonly Port[] = [any('in')],
): AnyDefinition {
  const shared = {
    title: name,
    summary: '',
    icon: 'box',
    category: 'data' as const,
    formatVersion: 1,
    docs: '',
  };
  return { ...shared, type: name, effect, config, ports: () => ({ inputs, outputs }) };
}

const TYPES: Readonly<Record<string, AnyDefinition>> = {
  trigger: { ...type('trigger', 'pure', [any('payload')], []), trigger: 'manual' },
  pass: type('pass', 'pure'),
  think: type('think', 'pure'),
  call: type('call', 'external'),
  hang: type('hang', 'external'),
  choose: type('choose', 'pure', BOTH),
  wait: type('wait', 'pure'),
  ask: type('ask', 'external', BOTH),
  child: type('child', 'external'),
  collect: type('collect', 'pure', [any('out')], [{ ...any('in'), many: true }]),
  loop: type(
    'loop',
    'pure',
    [{ ...any('each'), loop: 'body' }, any('results')],
    [any('in'), { ...any('back'), many: true, loop: 'return' }],
  ),
};

export const definitionOf: DefinitionOf = (name) => TYPES[name];

/** Where a step is, without its run. */
export interface Place {
  readonly node: string;
  readonly type: string;
  readonly scope: string;
  readonly attempt: number;
  readonly config: SimConfig;
  readonly resumed: Resumed | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** An attempt of a step of a run. */
export interface SimStep extends Place {
  readonly runId: string;
  readonly key: string;
}

/** What a step of a place gives: a text that says where it comes from. */
export const mark = (node: string, scope: string): string => `${node}${scope}`;

/** How an attempt at a place ends, however often and wherever it is made. */
export function behave(place: Place): StepEnd {
  const { node, scope, attempt, resumed, config: settings, now } = place;
  const dice = hashOf(mark(node, scope));
  if (settings.failTimes && attempt <= settings.failTimes && dice % 100 < (settings.failShare ?? 100)) {
    return { kind: 'failed', message: 'It broke.', code: 'broken', permanent: false };
  }
  const value = mark(node, scope);
  switch (place.type) {
    case 'choose':
      return done(dice % 2 === 0 ? { yes: value } : { no: value });
    case 'wait':
      return { kind: 'wait', until: now + (settings.ms ?? 0), outputs: { out: value } };
    case 'ask':
    case 'child':
      return resumed ? heard(place, resumed) : suspend(place);
    case 'loop':
      return {
        kind: 'iterate',
        items: Array.from(
          { length: (dice % 3) + (settings.count ?? 0) - 1 },
          (_, index) => `${value}#${index}`,
        ),
        parallelism: settings.parallelism ?? 1,
        onItemError: settings.onItemError ?? 'stop',
        breakWhen: settings.breakWhen ?? [],
      };
    default:
      return done({ out: value });
  }
}

const done = (outputs: Readonly<Record<string, unknown>>): Outcome => ({ kind: 'done', outputs });

function suspend({ config: { sources, untilMs, human }, scope, node, now, type: name }: Place): Outcome {
  return {
    kind: 'suspend',
    sources: name === 'child' ? ['child'] : (sources ?? []),
    until: untilMs === undefined || untilMs === null ? null : now + untilMs,
    human: human ?? false,
    kept: mark(node, scope),
  };
}

/** A child's output says what became of it, not which run it was. */
function heard({ node, scope, type: name }: Place, { timedOut, signals, kept }: Resumed): StepEnd {
  const value = mark(node, scope);
  if (kept !== value) throw new Error(`${value} was given back ${JSON.stringify(kept)}.`);
  if (name === 'ask') return done(timedOut ? { no: value } : { yes: value });
  const child = signals.child as { readonly status?: unknown } | undefined;
  return done({ out: `${value}=${String(child?.status)}` });
}
