import { z } from 'zod';
import type { Operation } from '#contract/operation.ts';
import { PERMISSIONS } from '#domain/access/permission.ts';
import { PROBLEMS } from '#domain/problem.ts';
import type { Prepared } from './operation.ts';

type Schema = Record<string, unknown>;

const FIELD_PROBLEM = {
  type: 'object',
  description: 'One faulty field of a request.',
  properties: {
    type: { type: 'string', description: 'The kind of fault, such as `missing`.' },
    loc: {
      type: 'array',
      items: { type: ['string', 'integer'] },
      description: 'Where: `path`, `query` or `body`, then the names and positions that lead to the field.',
    },
    msg: { type: 'string' },
    input: { description: 'What was sent, when it is short and no secret.' },
  },
  required: ['type', 'loc', 'msg'],
};

const PROBLEM = {
  type: 'object',
  description: 'Every error. Some carry more beside these two, such as the commands a late save has missed.',
  properties: {
    detail: {
      oneOf: [
        { type: 'string', description: 'What went wrong, for people.' },
        { type: 'array', items: { $ref: '#/components/schemas/FieldProblem' } },
        {
          type: 'object',
          properties: { validation_errors: { type: 'array', items: { type: 'string' } } },
          required: ['validation_errors'],
        },
      ],
    },
    code: { enum: Object.keys(PROBLEMS), type: 'string', description: 'What went wrong, for programs.' },
  },
  required: ['detail', 'code'],
};

/** The contract as an OpenAPI 3.1 document. */
export function openApiDocument(operations: readonly Prepared[], version: string): Schema {
  const schemas: Schema = { Problem: PROBLEM, FieldProblem: FIELD_PROBLEM };
  const paths: Record<string, Schema> = {};
  for (const prepared of operations) {
    const path = `${prepared.operation.path}/`;
    paths[path] = { ...paths[path], [prepared.operation.method]: describe(prepared, schemas) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Pipewright',
      version,
      description: 'Every path answers with and without its trailing slash.',
    },
    servers: [{ url: '/api/v1' }],
    security: [{ key: [] }, { session: [] }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'pipewright' },
      },
    },
  };
}

function describe(prepared: Prepared, schemas: Schema): Schema {
  const { id, operation, pathKeys } = prepared;
  const inputs = schemaOf(operation.input, 'input', schemas) as {
    properties?: Record<string, Schema>;
    required?: string[];
  };
  const rest = Object.entries(inputs.properties ?? {}).filter(([key]) => !pathKeys.has(key));
  const required = (inputs.required ?? []).filter((key) => !pathKeys.has(key));
  const parameters = [
    ...[...pathKeys].map((name) => ({
      name,
      in: 'path',
      required: true,
      schema: inputs.properties?.[name] ?? {},
    })),
    ...(prepared.takesBody
      ? []
      : rest.map(([name, schema]) => ({ name, in: 'query', required: required.includes(name), schema }))),
  ];
  const body = {
    required: required.length > 0,
    content: json({
      type: 'object',
      properties: Object.fromEntries(rest),
      ...(required.length > 0 && { required }),
    }),
  };
  return {
    operationId: id.replace('.', '_'),
    tags: [id.split('.')[0]],
    summary: operation.summary,
    ...(operation.access === 'public' && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...(prepared.takesBody && { requestBody: body }),
    responses: responsesOf(operation, prepared.hasRest, schemas),
  };
}

const json = (schema: unknown): Schema => ({ 'application/json': { schema } });

function responsesOf(operation: Operation, hasInput: boolean, schemas: Schema): Schema {
  const problem = (description: string): Schema => ({
    description,
    content: json({ $ref: '#/components/schemas/Problem' }),
  });
  const output =
    operation.status === 204 ? {} : { content: json(schemaOf(operation.output, 'output', schemas)) };
  return {
    [operation.status]: { description: 'Done', ...output },
    ...(operation.access !== 'public' && { 401: problem('Not signed in') }),
    ...(operation.access in PERMISSIONS && { 403: problem('Your role does not allow this') }),
    ...(operation.path.includes('{') && { 404: problem('Not there, or not yours') }),
    ...((hasInput || operation.path.includes('{')) && { 422: problem('The input is not valid') }),
    default: problem('Another problem'),
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
  return withoutId(moved(own) as Schema);
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
