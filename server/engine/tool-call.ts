import { type AnyDefinition, type DefinitionOf, readConfig } from '#domain/node/definition.ts';
import { type AnyExecutor, type Capabilities, type Outcome, StepError } from '#domain/node/executor.ts';
import type { Part } from '#domain/node/part.ts';
import type {
  AnyToolExecutor,
  ToolExecutor,
  ToolFunction,
  ToolOutcome,
  ToolRequest,
} from '#domain/node/tool.ts';
import { toolConfig } from '#domain/node/tool-config.ts';
import { checkConfig } from '#domain/run/check-config.ts';
import type { StepPlace } from './interface.ts';

/** How plugged nodes are called, by node type. */
export interface ToolTypes {
  readonly executors: Readonly<Record<string, AnyExecutor>>;
  readonly toolExecutors: Readonly<Record<string, AnyToolExecutor>>;
  readonly definitionOf: DefinitionOf;
}

interface Use {
  readonly types: ToolTypes;
  readonly part: Part;
  readonly place: StepPlace;
  readonly capabilities: Capabilities;
}

/**
 * The functions a plugged node offers.
 * @throws StepError `not_a_tool` (permanent), and what asking for them may reject with
 */
export async function functionsOf({
  types,
  part,
  place,
  capabilities,
}: Use): Promise<readonly ToolFunction[]> {
  const definition = toolDefinition(types, part);
  const own = types.toolExecutors[part.type] as ToolExecutor | undefined;
  if (!own?.functions) return definition.tool?.(readConfig(definition, part.config)) ?? [];
  const config = checkConfig(definition, toolConfig(definition, part.config));
  return own.functions({ config, parts: part.parts, signal: place.signal }, capabilities);
}

/** Calls one function of a plugged node. @throws StepError, in words for the model */
export async function callFunction(use: Use, request: ToolRequest): Promise<ToolOutcome> {
  const { types, part, place, capabilities } = use;
  const definition = toolDefinition(types, part);
  const args = readArguments(definition, request);
  const own = types.toolExecutors[part.type] as ToolExecutor | undefined;
  if (own) {
    return own.call(
      {
        function: request.function,
        args,
        config: checkConfig(definition, toolConfig(definition, part.config, args)),
        parts: part.parts,
        caller: { id: place.node, title: place.node },
        resumed: request.resumed,
        idempotencyKey: place.idempotencyKey,
        signal: place.signal,
      },
      capabilities,
    );
  }
  const executor = types.executors[part.type];
  if (!executor) throw notATool(part);
  const over = typeof args === 'object' && args !== null ? args : {};
  const outcome = await executor(
    {
      inputs: {},
      config: checkConfig(definition, { ...part.config, ...over }),
      parts: part.parts,
      trigger: {},
      nodes: {},
      loop: null,
      resumed: request.resumed,
      idempotencyKey: place.idempotencyKey,
      attempt: 1,
      signal: place.signal,
    } as never,
    capabilities,
  );
  return resultOf(outcome, part);
}

function toolDefinition({ definitionOf, toolExecutors }: ToolTypes, part: Part): AnyDefinition {
  const definition = definitionOf(part.type);
  if (!definition?.tool && !toolExecutors[part.type]?.functions) throw notATool(part);
  if (!definition) throw notATool(part);
  return definition;
}

const notATool = ({ title, type }: Part): StepError =>
  new StepError('not_a_tool', `“${title}” (${type}) cannot be called as a tool.`, { permanent: true });

function readArguments(definition: AnyDefinition, { part, function: name, args }: ToolRequest): unknown {
  const offered = definition.tool?.(readConfig(definition, part.config)).find((one) => one.name === name);
  return offered?.read ? offered.read(args) : args;
}

/** A step's outputs as a tool's result: the value where there is only one. */
function resultOf(outcome: Outcome, { title }: Part): ToolOutcome {
  if (outcome.kind === 'suspend') return outcome;
  if (outcome.kind !== 'done') {
    throw new StepError('not_a_tool', `“${title}” repeats or waits, which a tool cannot.`, {
      permanent: true,
    });
  }
  const values = Object.values(outcome.outputs);
  return { kind: 'done', result: values.length === 1 ? values[0] : outcome.outputs };
}
