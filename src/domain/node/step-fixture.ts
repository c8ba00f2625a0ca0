import { graphOf, renderReferences, runStep } from '../run/flow-fixture.ts';
import { type FlowResult, runFlow } from '../run/run-flow.ts';
import type { DefinitionOf, NodeDefinition } from './definition.ts';
import type { AnyExecutor, Capabilities, Executor } from './executor.ts';

interface Given {
  readonly config?: Record<string, unknown>;
  readonly inputs?: Record<string, unknown>;
  readonly capabilities?: Partial<Capabilities>;
}

/** What one step of a node type that answers at once gives, by port. */
export async function outputsOf<D extends NodeDefinition>(
  definition: D,
  execute: Executor<D>,
  given: Given,
): Promise<Readonly<Record<string, unknown>>> {
  const end = await runStep(definition, execute, given);
  if (end.kind !== 'done') throw new Error(`The step answered ${end.kind}.`);
  return end.outputs;
}

/** Messages of a config that its schema refuses, by path. */
export function refusalsOf(definition: NodeDefinition, config: unknown): [string, string][] {
  const issues = definition.config.safeParse(config).error?.issues ?? [];
  return issues.map((issue) => [issue.path.join('.'), issue.message]);
}

/** Ports of a node as `name: type`. */
export function portsText(definition: NodeDefinition, config: Record<string, unknown> = {}): string[][] {
  const { inputs, outputs } = definition.ports(definition.config.parse(config));
  return [inputs, outputs].map((ports) => ports.map(({ name, type }) => `${name}: ${type}`));
}

interface SmallFlow {
  readonly definitionOf: DefinitionOf;
  readonly executors: Readonly<Record<string, AnyExecutor>>;
  /** Steps one after the other, each fed from the port of the one before. */
  readonly chain: readonly { type: string; config?: Record<string, unknown>; from?: string; to?: string }[];
  readonly payload: unknown;
  readonly capabilities?: Partial<Capabilities>;
}

/** Runs a manual trigger followed by steps `n1`, `n2` and so on. */
export function runChain({ chain, ...rest }: SmallFlow): Promise<FlowResult> {
  const nodes = Object.fromEntries(
    chain.map(({ type, config }, index) => [`n${index + 1}`, { type, ...(config && { config }) }]),
  );
  const edges = chain.map(
    ({ from, to }, index) =>
      `${index === 0 ? 'start' : `n${index}`}.${from ?? (index === 0 ? 'payload' : 'output')} > n${index + 1}.${to ?? 'input'}`,
  );
  const graph = graphOf({ start: { type: 'trigger_manual' }, ...nodes }, edges);
  return runFlow({ graph, render: renderReferences, ...rest });
}

/** Starts a clock of what this thread has worked since, in milliseconds; a busy machine does not make it go faster. */
export function cpuClock(): () => number {
  const start = process.threadCpuUsage();
  return () => {
    const { user, system } = process.threadCpuUsage(start);
    return (user + system) / 1000;
  };
}
