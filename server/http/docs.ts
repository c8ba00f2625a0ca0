import { style } from './docs-style.ts';
import type { Prepared } from './operation.ts';

type Schema = { readonly [key: string]: unknown };

const escape = (text: unknown): string =>
  String(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

const AREAS: Readonly<Record<string, string>> = {
  auth: 'Signing in',
  users: 'Your account and keys',
  workflows: 'Workflows',
  nodes: 'Nodes',
  edges: 'Edges',
  executions: 'Executions',
};

/** The reference as one page of HTML that needs nothing else: no script, no font, no request. */
export function docsPage(operations: readonly Prepared[], document: Schema, nonce: string): string {
  const areas = Map.groupBy(operations, ({ id }) => id.split('.')[0] ?? '');
  const nav = [...areas.keys()]
    .map((area) => `<a href="#${area}">${escape(AREAS[area] ?? area)}</a>`)
    .join('');
  const sections = [...areas].map(([area, list]) => {
    const items = list.map((one) => operationHtml(one, document)).join('');
    return `<section id="${area}"><h2>${escape(AREAS[area] ?? area)}</h2>${items}</section>`;
  });
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Pipewright API</title>
<style nonce="${nonce}">${style}</style></head><body><nav><a class="home" href="/">Pipewright</a>${nav}
<a href="#live">Live events</a><a href="/api/v1/openapi.json">OpenAPI</a></nav>
<main><h1>API</h1>${intro}${sections.join('')}${live}</main></body></html>`;
}

const intro = `<p>Everything the screens do can be done over HTTP. Paths below start with <code>/api/v1</code> and work with
and without a trailing slash. Send and receive JSON.</p>
<h3>A first call</h3><pre>KEY=$(curl -s localhost:3000/api/v1/auth/token/ -H 'Content-Type: application/json' \\
  -d '{"username": "ada", "password": "…"}' | jq -r .key)
curl localhost:3000/api/v1/workflows/ -H "Authorization: Bearer $KEY"</pre>
<p>Errors carry <code>{ "detail": …, "code": … }</code>. <code>detail</code> is a sentence, or a list of faulty fields
with <code>loc</code>, <code>msg</code> and <code>type</code>. Lists take <code>limit</code> (50, at most 1000) and
<code>offset</code> and answer <code>{ "items", "total" }</code>. An <code>Idempotency-Key</code> header on a request that
starts a run makes repeating it safe.</p>
<h3>Webhooks</h3><p>A webhook trigger has an address of its own, shown in the editor. It needs no key; whoever knows it may
call it.</p><pre>curl localhost:3000/webhooks/&lt;token&gt; -H 'Content-Type: application/json' -d '{"amount": 12}'</pre>`;

const live = `<section id="live"><h2>Live events</h2><p>Connect a WebSocket to <code>/ws/?token=KEY</code> and send
<code>{"type":"subscribe","channel":"workflow:my-slug"}</code> or <code>{"type":"subscribe","channel":"execution:ID",
"after_seq":0}</code>. Run events carry <code>seq</code>; after a lost connection subscribe again with the last one you saw.
Answer <code>{"type":"ping"}</code> with <code>{"type":"pong"}</code>.</p></section>`;

function operationHtml(prepared: Prepared, document: Schema): string {
  const { id, operation } = prepared;
  const described = at(document, ['paths', `${operation.path}/`, operation.method]) as Schema;
  const rows = [...parametersOf(described), ...bodyOf(described)];
  const table = rows.length === 0 ? '' : `<table><tbody>${rows.join('')}</tbody></table>`;
  const access = operation.access === 'public' ? '<span class="tag">no key needed</span>' : '';
  return `<article id="${id}"><h3><a href="#${id}"><b class="${operation.method}">${operation.method.toUpperCase()}</b>
<code>${escape(operation.path)}/</code></a>${access}</h3><p>${escape(operation.summary)}. Answers ${operation.status}.</p>
${table}<pre>${escape(curlOf(prepared))}</pre></article>`;
}

function parametersOf(described: Schema): string[] {
  const parameters = (described['parameters'] ?? []) as readonly Schema[];
  return parameters.map((one) =>
    row(
      { name: String(one['name']), where: String(one['in']), required: one['required'] === true },
      one['schema'],
    ),
  );
}

function bodyOf(described: Schema): string[] {
  const schema = at(described, ['requestBody', 'content', 'application/json', 'schema']) as
    | Schema
    | undefined;
  const required = (schema?.['required'] ?? []) as readonly string[];
  return Object.entries((schema?.['properties'] ?? {}) as Schema).map(([name, field]) =>
    row({ name, where: 'body', required: required.includes(name) }, field),
  );
}

function row(
  { name, where, required }: { name: string; where: string; required: boolean },
  schema: unknown,
): string {
  const { description } = schema as { description?: string };
  const need = required ? '<em>required</em>' : '';
  return `<tr><td><code>${escape(name)}</code> ${need}</td><td>${where}</td><td>${escape(typeOf(schema))}</td>
<td>${escape(description ?? '')}</td></tr>`;
}

function typeOf(value: unknown): string {
  const schema = (value ?? {}) as Schema;
  if (typeof schema['$ref'] === 'string') return schema['$ref'].split('/').at(-1) ?? '';
  if (Array.isArray(schema['enum'])) return schema['enum'].map((one) => JSON.stringify(one)).join(' | ');
  if (Array.isArray(schema['anyOf'])) return schema['anyOf'].map(typeOf).join(' | ');
  if (schema['type'] === 'array') return `list of ${typeOf(schema['items'])}`;
  return String(schema['type'] ?? 'any');
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((found, key) => (found as Schema | undefined)?.[key], value);
}

function curlOf({ operation, takesBody, pathKeys }: Prepared): string {
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_match, key: string) => `<${key}>`);
  const needed = Object.entries(operation.input.shape)
    .filter(([key, field]) => !pathKeys.has(key) && !field.safeParse(undefined).success)
    .map(([key, field]) => [key, sampleOf(field._zod.def.type)]);
  return [
    `curl ${operation.method === 'get' ? '' : `-X ${operation.method.toUpperCase()} `}localhost:3000/api/v1${path}/`,
    ...(operation.access === 'public' ? [] : ['-H "Authorization: Bearer $KEY"']),
    ...(takesBody
      ? ["-H 'Content-Type: application/json'", `-d '${JSON.stringify(Object.fromEntries(needed))}'`]
      : []),
  ].join(' \\\n  ');
}

function sampleOf(type: string): unknown {
  if (type === 'number') return 0;
  if (type === 'array') return [];
  return type === 'object' || type === 'record' ? {} : '…';
}
