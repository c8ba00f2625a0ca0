import type { JSONSchema7 } from '@ai-sdk/provider';
import { z } from 'zod';
import { parseBounded } from '#domain/bounded-json.ts';
import type { ModelRequest } from '#domain/model/model.ts';
import { StepError } from '#domain/node/executor.ts';
import { fencedIn } from '#domain/parser/fence.ts';

/** A schema that answers have to fit. */
export interface AnswerSchema {
  readonly name: string;
  /** As providers are given it: always of an object. */
  readonly wire: JSONSchema7;
  /** Reads what the model wrote. */
  read(text: string): ReadObject;
}

export type ReadObject =
  | { readonly ok: true; readonly object: unknown }
  | { readonly ok: false; readonly problem: string };

type Wanted = NonNullable<ModelRequest['schema']>;

/** Providers take names of letters, digits, `_` and `-`. */
const nameOf = (name: string): string => name.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, 64) || 'answer';

/** @throws StepError `bad_schema`, permanent */
export function answerSchema({ name, schema }: Wanted): AnswerSchema {
  const isObject = schema['type'] === 'object';
  const check = checkOf(schema);
  return {
    name: nameOf(name),
    wire: (isObject ? schema : wrapped(schema)) as JSONSchema7,
    read: (text) => {
      const read = parsed(text);
      if (!read.ok) return read;
      const inner = isObject ? read.object : unwrapped(read.object);
      const found = check.safeParse(inner);
      return found.success
        ? { ok: true, object: inner }
        : { ok: false, problem: z.prettifyError(found.error) };
    },
  };
}

function checkOf(schema: Wanted['schema']): z.ZodType {
  try {
    return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    throw new StepError('bad_schema', `The schema of the answer cannot be used. ${why}`, { permanent: true });
  }
}

/** Lists and texts travel as the one field of an object: no provider takes them as they are. */
function wrapped(schema: Wanted['schema']): Record<string, unknown> {
  const { $defs, definitions, ...value } = schema;
  return {
    type: 'object',
    properties: { value },
    required: ['value'],
    additionalProperties: false,
    ...($defs !== undefined && { $defs }),
    ...(definitions !== undefined && { definitions }),
  };
}

const unwrapped = (object: unknown): unknown =>
  typeof object === 'object' && object !== null && Object.hasOwn(object, 'value')
    ? Reflect.get(object, 'value')
    : object;

/** Many models put a fence around what they write. */
function parsed(text: string): ReadObject {
  const bare = fencedIn(text) ?? text;
  try {
    return { ok: true, object: parseBounded(bare) };
  } catch (error) {
    return { ok: false, problem: `It is no JSON: ${error instanceof Error ? error.message : ''}` };
  }
}

/** For providers that take no schema. */
export const schemaPrompt = ({ wire }: AnswerSchema): string =>
  `Answer with one JSON object and nothing else. It has to fit this JSON Schema:\n${JSON.stringify(wire)}`;

/** What a model is told of an answer that does not fit. */
export const repairPrompt = (problem: string): string =>
  `That answer does not fit the schema.\n${problem}\nAnswer again with the corrected JSON object and nothing else.`;
