import { describe, expect, it } from 'vitest';
import { contract } from '#contract/contract.ts';
import type { Area } from '#contract/operation.ts';
import { PROBLEMS } from '#domain/problem.ts';
import { docsPage } from './docs.ts';
import { exampleOf, exampleRest } from './example.ts';
import { openApiDocument } from './openapi.ts';
import { type Handlers, type Prepared, prepare } from './operation.ts';
import { inputSchema, type Schema } from './sample-value.ts';

const areas: Readonly<Record<string, Area>> = contract;
const nothing = async (): Promise<unknown> => null;
const handlers: Handlers = Object.fromEntries(
  Object.entries(areas).map(([area, operations]) => [
    area,
    Object.fromEntries(Object.keys(operations).map((key) => [key, nothing])),
  ]),
);
const operations = prepare(contract, handlers);

interface Described {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly security?: readonly unknown[];
  readonly parameters?: readonly { name: string; in: string; required: boolean; schema: object }[];
  readonly requestBody?: {
    readonly content: Record<
      string,
      { schema: { properties: Record<string, object>; required?: string[] }; example: unknown }
    >;
  };
  readonly responses: Record<
    string,
    { description: string; content?: Record<string, { schema: object; example: unknown }> }
  >;
}
interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Described>>;
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly components: {
    schemas: Record<string, Record<string, unknown>>;
    responses: Record<string, { headers?: object; content: { 'application/json': { example: unknown } } }>;
  };
}
const document = JSON.parse(JSON.stringify(openApiDocument(operations, '1.2.3'))) as Document;
const described = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, one]) => ({ path, method, one })),
);

function everyObject(value: unknown, visit: (one: Record<string, unknown>) => void): void {
  if (value === null || typeof value !== 'object') return;
  if (!Array.isArray(value)) visit(value as Record<string, unknown>);
  for (const part of Object.values(value)) everyObject(part, visit);
}

describe('the OpenAPI document', () => {
  it('holds every operation of the contract once, under its path and method', () => {
    const wanted = Object.entries(areas).flatMap(([area, list]) =>
      Object.entries(list).map(([key, { method, path }]) => `${method} ${path}/ ${area}_${key}`),
    );
    const found = described.map(({ path, method, one }) => `${method} ${path} ${one.operationId}`);
    expect(found.toSorted()).toEqual(wanted.toSorted());
    expect(document.openapi).toBe('3.1.0');
  });

  it('declares each placeholder of a path and nothing else as a path parameter', () => {
    for (const { path, one } of described) {
      const placeholders = [...path.matchAll(/\{(\w+)\}/g)].map(([, key]) => String(key));
      const declared = (one.parameters ?? []).filter((parameter) => parameter.in === 'path');
      expect(declared.map((parameter) => parameter.name).toSorted(), path).toEqual(placeholders.toSorted());
      for (const parameter of declared) {
        expect(parameter.required).toBe(true);
        expect(Object.keys(parameter.schema).length, `${path} ${parameter.name}`).toBeGreaterThan(0);
      }
    }
  });

  it('says of every field of an input where it goes, as the server reads it', () => {
    for (const { id, operation, takesBody, pathKeys } of operations) {
      const one = document.paths[`${operation.path}/`]?.[operation.method];
      const query = (one?.parameters ?? []).filter((parameter) => parameter.in === 'query');
      const body = one?.requestBody?.content['application/json']?.schema;
      const names = [...query.map((parameter) => parameter.name), ...Object.keys(body?.properties ?? {})];
      const wanted = Object.keys(operation.input.shape).filter((key) => !pathKeys.has(key));
      expect(names.toSorted(), id).toEqual(wanted.toSorted());
      expect(body !== undefined, id).toBe(takesBody);
      const required = [
        ...query.filter((parameter) => parameter.required).map((parameter) => parameter.name),
        ...(body?.required ?? []),
      ];
      const needed = wanted.filter(
        (key) => operation.input.shape[key]?.safeParse(undefined).success === false,
      );
      expect(required.toSorted(), id).toEqual(needed.toSorted());
    }
  });

  it('has no reference that leads nowhere, and none into a part of a schema', () => {
    const found = new Set<string>();
    everyObject(document, (one) => {
      if (typeof one.$ref === 'string') found.add(one.$ref);
      expect(one.$defs).toBeUndefined();
    });
    expect(found.size).toBeGreaterThan(5);
    for (const reference of found) {
      const name = /^#\/components\/(schemas|responses)\/([\w.-]+)$/.exec(reference);
      const [, kind = '', key = ''] = name ?? [];
      expect(document.components[kind as 'schemas' | 'responses']?.[key], reference).toBeDefined();
    }
  });

  it('describes the answer, the errors and who may call', () => {
    for (const { id, operation, takesBody } of operations) {
      const one = document.paths[`${operation.path}/`]?.[operation.method];
      const good = one?.responses[String(operation.status)];
      expect(good?.description, id).toBeTruthy();
      expect(good?.content !== undefined, id).toBe(operation.status !== 204);
      const statuses = Object.keys(one?.responses ?? {});
      if (operation.access !== 'public') expect(statuses, id).toContain('401');
      if (operation.path.includes('{')) expect(statuses, id).toEqual(expect.arrayContaining(['404', '422']));
      if (takesBody) expect(statuses, id).toEqual(expect.arrayContaining(['413', '415', '422']));
      expect(statuses, id).toEqual(expect.arrayContaining(['429', '500', '503']));
      expect(one?.security, id).toEqual(securityOf(operation.access));
      expect(one?.summary, id).toBe(operation.summary);
      expect(one?.description, id).toBeTruthy();
    }
  });

  it('describes every error once, with its headers and an example', () => {
    for (const [code, { http }] of Object.entries(PROBLEMS)) {
      const response = document.components.responses[code];
      if (response === undefined) expect(['method_not_allowed', 'timeout']).toContain(code);
      else {
        expect(response.content['application/json'].example, code).toMatchObject({ code });
        expect(response.headers !== undefined, code).toBe([401, 429, 503].includes(http));
      }
    }
  });

  it('groups every operation under a tag that says what is in it', () => {
    const tags = new Map(document.tags.map(({ name, description }) => [name, description]));
    for (const { one } of described) {
      expect(one.tags).toHaveLength(1);
      expect(tags.get(one.tags[0] ?? ''), one.operationId).toBeTruthy();
    }
  });

  it('gives examples that the operation takes and answers', () => {
    for (const prepared of operations) {
      const { id, operation, takesBody } = prepared;
      const path = Object.fromEntries(
        [...prepared.pathKeys].map((key) => [key, examplePathValue(prepared, key)]),
      );
      const read = operation.input.safeParse({ ...exampleRest(prepared), ...path });
      expect(read.error?.issues ?? [], id).toEqual([]);
      const one = document.paths[`${operation.path}/`]?.[operation.method];
      if (takesBody) {
        expect(one?.requestBody?.content['application/json']?.example, id).toEqual(exampleRest(prepared));
      }
      if (operation.status === 204) continue;
      const answer = one?.responses[String(operation.status)]?.content?.['application/json']?.example;
      expect(operation.output.safeParse(answer).error?.issues ?? [], id).toEqual([]);
    }
  });
});

const securityOf = (access: string): unknown => {
  if (access === 'public') return [];
  return ['gateway', 'visitor'].includes(access) ? [{ key: [] }] : undefined;
};

function examplePathValue({ operation }: Prepared, key: string): unknown {
  const schema = inputSchema(operation.input);
  return exampleOf((schema.properties as Record<string, Schema>)[key] ?? {}, schema, key);
}

describe('the reference page', () => {
  const page = docsPage(operations, document as never, 'n0nce');

  it('shows every operation and every field it takes', () => {
    for (const { id, operation } of operations) {
      expect(page).toContain(`id="${id}"`);
      for (const key of Object.keys(operation.input.shape)) expect(page, id).toContain(`<code>${key}</code>`);
    }
  });

  it('needs nothing from elsewhere and runs nothing', () => {
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|\son\w+=/);
    expect(page).toContain('<style nonce="n0nce">');
  });
});
