import { z } from 'zod';
import { StepError } from './step-error.ts';

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
  /** Of a destructive function: whether a call with these arguments changes nothing after all. */
  readonly harmless?: (args: unknown) => boolean;
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
