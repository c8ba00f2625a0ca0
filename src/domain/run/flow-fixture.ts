import { renderSimple } from '../expression/render.ts';
import { isTemplate, parseTemplate } from '../expression/template.ts';
import { DEFAULT_SETTINGS, type Graph, type GraphEdge, type NodeSettings } from '../graph/graph.ts';
import type { NodeDefinition } from '../node/definition.ts';
import type { Capabilities, Executor, LoopView, Outcome, Resumed, StepInput } from '../node/executor.ts';
import { NO_PARTS, type Parts } from '../node/part.ts';
import { refusingCapabilities } from '../node/refusing-capabilities.ts';
import type { RenderConfig, TemplateContext } from './execute-step.ts';

interface NodeSketch {
  readonly type: string;
  readonly config?: Record<string, unknown>;
  readonly settings?: Partial<NodeSettings>;
  readonly label?: string;
}

/** A graph for a test: nodes by id, edges as `hook.body > say.input`, numbered from 1. */
export function graphOf(nodes: Readonly<Record<string, NodeSketch>>, edges: readonly string[]): Graph {
  return {
    nodes: Object.entries(nodes).map(([id, { type, config, settings, label }]) => ({
      id,
      type,
      label: label ?? null,
      x: 0,
      y: 0,
      config: config ?? {},
      settings: { ...DEFAULT_SETTINGS, ...settings },
    })),
    edges: edges.map((text, index) => edgeOf(text, index + 1)),
  };
}

function edgeOf(text: string, id: number): GraphEdge {
  const [source = '', target = ''] = text.split('>').map((end) => end.trim());
  const cut = (end: string): [string, string] => [
    end.slice(0, end.indexOf('.')),
    end.slice(end.indexOf('.') + 1),
  ];
  const [[from, sourcePort], [to, targetPort]] = [cut(source), cut(target)];
  return { id, source: from, sourcePort, target: to, targetPort, priority: 0 };
}

/** Renders simple references; Liquid is the server's and is tested there. */
export const renderReferences: RenderConfig = (config, context, verbatim) =>
  Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      verbatim.includes(key) ? value : rendered(value, context),
    ]),
  );

function rendered(value: unknown, context: TemplateContext): unknown {
  if (typeof value === 'string') {
    return isTemplate(value) ? renderSimple(parseTemplate(value), { ...context }) : value;
  }
  if (Array.isArray(value)) return value.map((item) => rendered(item, context));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rendered(inner, context)]));
}

interface StepSketch {
  readonly config?: Record<string, unknown>;
  readonly inputs?: Record<string, unknown>;
  readonly trigger?: unknown;
  readonly nodes?: Record<string, unknown>;
  readonly loop?: LoopView;
  readonly parts?: Parts;
  readonly resumed?: Resumed;
  readonly capabilities?: Partial<Capabilities>;
}

/** {@link runStep} for a step that is done: what it gave, by port. @throws Error when it did something else. */
export async function stepOutputs<D extends NodeDefinition>(
  definition: D,
  execute: Executor<D>,
  sketch: StepSketch,
): Promise<Readonly<Record<string, unknown>>> {
  const outcome = await runStep(definition, execute, sketch);
  if (outcome.kind !== 'done') throw new Error(`The step was not done: ${outcome.kind}.`);
  return outcome.outputs;
}

/** Calls one executor as the engine would, with the config checked against the type's schema. */
export async function runStep<D extends NodeDefinition>(
  definition: D,
  execute: Executor<D>,
  sketch: StepSketch,
): Promise<Outcome> {
  const step: StepInput<D> = {
    inputs: sketch.inputs ?? {},
    config: definition.config.parse(sketch.config ?? {}) as StepInput<D>['config'],
    trigger: sketch.trigger ?? {},
    nodes: sketch.nodes ?? {},
    parts: sketch.parts ?? NO_PARTS,
    loop: sketch.loop ?? null,
    resumed: sketch.resumed ?? null,
    idempotencyKey: 'run-1:node-1:',
    attempt: 1,
    signal: new AbortController().signal,
  };
  return execute(step, refusingCapabilities({ now: () => 0, ...sketch.capabilities }));
}
