import { z } from 'zod';
import type { Operation } from '#contract/operation.ts';
import { exampleOf, exampleRest } from './example.ts';
import { EXAMPLE_PATH } from './example-value.ts';
import { areaOf, inOrder } from './openapi-area.ts';
import {
  accessText,
  FIELD_PROBLEM,
  PROBLEM,
  problemReferences,
  problemResponses,
} from './openapi-response.ts';
import type { Prepared } from './operation.ts';

type Schema = Record<string, unknown>;

/** The contract as an OpenAPI 3.1 document. */
export function openApiDocument(operations: readonly Prepared[], version: string): Schema {
  const schemas: Schema = { Problem: PROBLEM, FieldProblem: FIELD_PROBLEM };
  const paths: Record<string, Schema> = {};
  for (const prepared of operations) {
    const path = `${prepared.operation.path}/`;
    paths[path] = { ...paths[path], [prepared.operation.method]: describe(prepared, schemas) };
  }
  const areas = inOrder(new Set(operations.map(({ id }) => areaName(id))));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Pipewright',
      version,
      description:
        'Every path answers with and without its trailing slash. Times are UTC in ISO 8601 with Z. ' +
        'Every answer carries `X-Request-Id`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/api/v1' }],
    security: [{ key: [] }, { session: [] }],
    tags: areas.map((area) => ({ name: areaOf(area).title, description: areaOf(area).text })),
    paths,
    components: {
      schemas,
      responses: problemResponses(),
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key, or the key that signing in gave.' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'pipewright',
          description: 'The session of a browser; for pages of this installation only.',
        },
      },
    },
  };
}

const areaName = (id: string): string => id.split('.')[0] ?? '';

function describe(prepared: Prepared, schemas: Schema): Schema {
  const { id, operation } = prepared;
  const parameters = parametersOf(prepared, schemas);
  return {
    operationId: id.replace('.', '_'),
    tags: [areaOf(areaName(id)).title],
    summary: operation.summary,
    description: accessText(operation),
    ...(operation.access === 'public' && { security: [] }),
    ...(['gateway', 'visitor'].includes(operation.access) && { security: [{ key: [] }] }),
    ...(parameters.length > 0 && { parameters }),
    ...(prepared.takesBody && { requestBody: bodyOf(prepared, schemas) }),
    responses: { ...goodResponses(operation, schemas), ...problemReferences(prepared) },
  };
}

interface Inputs {
  readonly properties: Readonly<Record<string, Schema>>;
  readonly required: readonly string[];
}

function inputsOf({ operation }: Prepared, schemas: Schema): Inputs {
  const { properties, required } = schemaOf(operation.input, 'input', schemas) as Partial<Inputs>;
  return { properties: properties ?? {}, required: required ?? [] };
}

function parametersOf(prepared: Prepared, schemas: Schema): Schema[] {
  const { properties, required } = inputsOf(prepared, schemas);
  const inPath = [...prepared.pathKeys].map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: properties[name] ?? {},
    ...(EXAMPLE_PATH[name] !== undefined && { example: exampleParameter(name, properties[name]) }),
  }));
  if (prepared.takesBody) return inPath;
  const inQuery = Object.entries(properties)
    .filter(([key]) => !prepared.pathKeys.has(key))
    .map(([name, schema]) => ({ name, in: 'query', required: required.includes(name), schema }));
  return [...inPath, ...inQuery];
}

const exampleParameter = (name: string, schema?: Schema): unknown =>
  schema?.type === 'integer' ? Number(EXAMPLE_PATH[name]) : EXAMPLE_PATH[name];

function bodyOf(prepared: Prepared, schemas: Schema): Schema {
  const { properties, required } = inputsOf(prepared, schemas);
  const rest = Object.entries(properties).filter(([key]) => !prepared.pathKeys.has(key));
  const needed = required.filter((key) => !prepared.pathKeys.has(key));
  const schema = {
    type: 'object',
    properties: Object.fromEntries(rest),
    ...(needed.length > 0 && { required: needed }),
  };
  return {
    required: needed.length > 0,
    content: { 'application/json': { schema, example: exampleRest(prepared) } },
  };
}

function goodResponses(operation: Operation, schemas: Schema): Schema {
  const { status, otherStatus } = operation;
  if (status === 204) return { 204: { description: 'Done' } };
  const schema = schemaOf(operation.output, 'output', schemas) as Schema;
  const example = exampleOf(schema, { components: { schemas } });
  const content = { 'application/json': { schema, example } };
  return {
    ...(otherStatus && { [otherStatus.status]: { description: 'Done at once', content } }),
    [status]: { description: status === 202 ? 'Taken on' : 'Done', content },
  };
}

/** A schema with its named parts moved to the components. What is read and what is written may differ. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', schemas: Schema): unknown {
  const { $schema: _, $defs, ...own } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Schema;
  const nameOf = (name: string): string => {
    if (name.startsWith('__schema')) return 'JsonValue';
    return io === 'input' ? `${name}Input` : name;
  };
  const moved = (part: unknown): unknown => {
    const text = JSON.stringify(part).replaceAll(/"#\/\$defs\/([^"]+)"/g, (_match, name: string) =>
      JSON.stringify(`#/components/schemas/${nameOf(name)}`),
    );
    return JSON.parse(text, withoutSafeBounds);
  };
  for (const [name, part] of Object.entries(($defs ?? {}) as Schema)) {
    const schema = withoutId(moved(part) as Schema);
    const known = schemas[nameOf(name)];
    if (known && JSON.stringify(known) !== JSON.stringify(schema)) {
      throw new Error(`Two different schemas are called ${nameOf(name)}.`);
    }
    schemas[nameOf(name)] = schema;
  }
  const whole = withoutId(moved(own) as Schema);
  return refersToItself(whole) ? jsonValue(whole, schemas) : whole;
}

const SELF = '"$ref":"#"';
const refersToItself = (schema: Schema): boolean => JSON.stringify(schema).includes(SELF);

/** What refers to itself as the root would mean the document there; only any JSON at all does so. */
function jsonValue(schema: Schema, schemas: Schema): Schema {
  const named = '#/components/schemas/JsonValue';
  schemas.JsonValue ??= JSON.parse(JSON.stringify(schema).replaceAll(SELF, `"$ref":"${named}"`)) as Schema;
  return { $ref: named };
}

function withoutId(schema: Schema): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== 'id'));
}

/** Every integer of JavaScript ends there; saying so everywhere tells a reader nothing. */
function withoutSafeBounds(key: string, value: unknown): unknown {
  const isBound = key === 'maximum' || key === 'minimum';
  return isBound && typeof value === 'number' && Math.abs(value) === Number.MAX_SAFE_INTEGER
    ? undefined
    : value;
}
