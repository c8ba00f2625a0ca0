import { z } from 'zod';
import type { NodeDefinition } from './definition.ts';
import { type Capabilities, type Resumed, StepError, type Suspend } from './executor.ts';
import type { Part, Parts } from './part.ts';

/** A function that a plugged node offers to a model. */
export interface ToolFunction {
  /** Letters, digits, `_` and `-`; unique among the functions of one agent. */
  readonly name: string;
  /** For the model: what it does and when to use it. */
  readonly description: string;
  /** JSON Schema of its arguments, an object. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Deletes or changes something outside: a person is asked first, if the agent says so. */
  readonly destructive?: boolean;
  /** Checks arguments. @throws StepError `bad_arguments`, in words a model can act on */
  readonly read?: (args: unknown) => unknown;
}

/** A function with its arguments as a schema. */
export function toolFunction<P extends z.ZodObject>(face: {
  readonly name: string;
  readonly description: string;
  readonly parameters: P;
  readonly destructive?: boolean;
}): ToolFunction {
  const { parameters, ...rest } = face;
  const { $schema: _, ...schema } = z.toJSONSchema(parameters, { io: 'input', unrepresentable: 'any' });
  return { ...rest, parameters: schema, read: (args) => readArguments(face.name, parameters, args) };
}

function readArguments(name: string, schema: z.ZodType, args: unknown): unknown {
  const read = schema.safeParse(args);
  if (read.success) return read.data;
  const issues = read.error.issues.map(({ path, message }) => `${path.join('.') || 'arguments'}: ${message}`);
  throw new StepError('bad_arguments', `The arguments of ${name} do not fit. ${issues.join(' ')}`, {
    permanent: true,
  });
}

/** One call of a tool, as the node type that offers it sees it. */
export interface ToolCallInput<C extends NodeDefinition = NodeDefinition> {
  readonly function: string;
  /** Checked by the function's `read`. */
  readonly args: unknown;
  /** Checked by the type's schema. */
  readonly config: z.output<C['config']>;
  readonly parts: Parts;
  /** The node the call is for. */
  readonly caller: { readonly id: string; readonly title: string };
  /** Null until the call was suspended and goes on. */
  readonly resumed: Resumed | null;
  /** The same on every attempt of this call. */
  readonly idempotencyKey: string;
  readonly signal: AbortSignal;
}

/** What the model is told: text as it is, everything else as JSON. */
export interface ToolResult {
  readonly kind: 'done';
  readonly result: unknown;
}

export type ToolOutcome = ToolResult | Suspend;

/**
 * How a node type works as a tool. Types without one of their own run their executor with the arguments put over
 * their config.
 */
export interface ToolExecutor<C extends NodeDefinition = NodeDefinition> {
  /** The functions it offers now, where they are known only at run time; else those of the definition count. */
  readonly functions?: (
    input: { readonly config: z.output<C['config']>; readonly parts: Parts; readonly signal: AbortSignal },
    capabilities: Capabilities,
  ) => Promise<readonly ToolFunction[]>;
  /** @throws StepError, which the model is told */
  readonly call: (input: ToolCallInput<C>, capabilities: Capabilities) => Promise<ToolOutcome>;
}

/** A tool executor of some node type; whoever calls it has matched it with its definition. */
export interface AnyToolExecutor {
  readonly functions?: (input: never, capabilities: Capabilities) => Promise<readonly ToolFunction[]>;
  readonly call: (input: never, capabilities: Capabilities) => Promise<ToolOutcome>;
}

/** What an agent asks for. */
export interface ToolRequest {
  readonly part: Part;
  readonly function: string;
  /** As the model wrote them. */
  readonly args: unknown;
  /** Tells the calls of one step apart and stays the same when the step begins anew. */
  readonly key: string;
  readonly resumed: Resumed | null;
}
