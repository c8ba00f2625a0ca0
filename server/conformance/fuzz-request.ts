import fc from 'fast-check';
import type { Schema } from '#server/http/sample-value.ts';
import { anyValue, arbitraryOf } from './schema-arbitrary.ts';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly schema: Schema;
}

export interface Described {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly content: {
      readonly 'application/json': { readonly schema: Schema; readonly example?: unknown };
    };
  };
  readonly responses: Readonly<Record<string, Schema>>;
}

export interface ApiDocument extends Schema {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
}

export interface FuzzRequest {
  readonly method: string;
  /** As in the document, with placeholders. */
  readonly template: string;
  readonly described: Described;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** Stands for the id of something there is, until it is known which. */
export const KNOWN = Symbol('known');

/** Requests to every operation of the document. Of those that delete, few hit something. */
export function requestArbitrary(document: ApiDocument): fc.Arbitrary<FuzzRequest> {
  const all = Object.entries(document.paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, described]) => {
      const isSlow = /^auth_(setup|token|openSession|mfaLogin)|password/i.test(described.operationId);
      const arbitrary = requestTo({ template, method, described, document });
      return { weight: isSlow ? 1 : 4, arbitrary };
    }),
  );
  return fc.oneof(...all);
}

interface Target {
  readonly template: string;
  readonly method: string;
  readonly described: Described;
  readonly document: ApiDocument;
}

function requestTo({ template, method, described, document }: Target): fc.Arbitrary<FuzzRequest> {
  const deletes = method === 'delete' || /[dD]elete/.test(described.operationId);
  const known = { weight: deletes ? 1 : 8, arbitrary: fc.constant<unknown>(KNOWN) };
  const fields = Object.fromEntries(
    (described.parameters ?? []).map(({ name, in: where, schema }) => {
      const fitting = { weight: 4, arbitrary: arbitraryOf(schema, document) };
      const wild = { weight: 1, arbitrary: anyValue };
      return [name, where === 'path' ? fc.oneof(known, fitting, wild) : fc.oneof(fitting, wild)];
    }),
  );
  const needed = (described.parameters ?? []).filter((one) => one.in === 'path').map(({ name }) => name);
  return fc.record({
    method: fc.constant(method.toUpperCase()),
    template: fc.constant(template),
    described: fc.constant(described),
    parameters: fc.record(fields, { requiredKeys: needed }),
    body: bodyOf(described, document),
  });
}

/** Mostly what the document allows; sometimes with a wild field, sometimes anything. */
function bodyOf({ requestBody }: Described, document: ApiDocument): fc.Arbitrary<unknown> {
  if (!requestBody) return fc.constant(undefined);
  const { schema } = requestBody.content['application/json'];
  const good = arbitraryOf(schema, document);
  const names = Object.keys((schema.properties ?? {}) as object);
  const spoiled = fc
    .tuple(good, fc.constantFrom(...names, 'unknown'), anyValue)
    .map(([body, name, value]) => ({ ...(body as object), [name]: value }));
  const references = fc.tuple(good, fc.subarray(names)).map(([body, some]) => ({
    ...(body as object),
    ...Object.fromEntries(some.map((name) => [name, KNOWN])),
  }));
  return fc.oneof(
    { weight: 6, arbitrary: good },
    { weight: 3, arbitrary: references },
    { weight: 2, arbitrary: spoiled },
    { weight: 1, arbitrary: anyValue },
  );
}
