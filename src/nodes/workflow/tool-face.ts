import { z } from 'zod';
import { type ToolFunction, toolFunction } from '#domain/node/tool.ts';

const LONGEST_NAME = 64;

/** What is known of the workflow behind the tool. */
export interface WorkflowFace {
  readonly slug: string;
  readonly name?: string;
  readonly description?: string;
  /** JSON Schema of what it is started with; absent or null: anything. */
  readonly inputSchema?: unknown;
}

/** A workflow as a function: what it is given starts the run. */
export function workflowFunction({ slug, name, description, inputSchema }: WorkflowFace): ToolFunction {
  const face = toolFunction({
    name: slug.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, LONGEST_NAME),
    description: description?.trim() || `Runs the workflow “${name ?? slug}” and gives its result.`,
    parameters: z.looseObject({ text: z.string().optional().describe('What to hand over, in words.') }),
  });
  return isObjectSchema(inputSchema) ? { ...face, parameters: inputSchema } : face;
}

function isObjectSchema(schema: unknown): schema is Readonly<Record<string, unknown>> {
  return typeof schema === 'object' && schema !== null && Reflect.get(schema, 'type') === 'object';
}
