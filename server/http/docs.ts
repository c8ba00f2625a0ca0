import { operationHtml } from './docs-operation.ts';
import { escapeHtml as escape, type Schema, titleHtml } from './docs-schema.ts';
import { style } from './docs-style.ts';
import type { Prepared } from './operation.ts';

const AREAS: Readonly<Record<string, string>> = {
  auth: 'Signing in',
  users: 'Your account and keys',
  workflows: 'Workflows',
  nodes: 'Nodes',
  edges: 'Edges',
  executions: 'Executions',
  approvals: 'Approvals',
};

/** The reference as one page of HTML that needs nothing else: no script, no font, no request. */
export function docsPage(operations: readonly Prepared[], document: Schema, nonce: string): string {
  const areas = Map.groupBy(operations, ({ id }) => id.split('.')[0] ?? '');
  const nav = [...areas].map(([area, list]) => {
    const links = list.map(
      ({ id, operation }) => `<a class="one" href="#${id}">${titleHtml(operation.summary)}</a>`,
    );
    return `<a href="#${area}">${escape(AREAS[area] ?? area)}</a><div>${links.join('')}</div>`;
  });
  const sections = [...areas].map(([area, list]) => {
    const items = list.map((one) => operationHtml(one, document)).join('');
    return `<section id="${area}"><h2>${escape(AREAS[area] ?? area)}</h2>${items}</section>`;
  });
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Pipewright API</title>
<style nonce="${nonce}">${style}</style></head><body><nav><a class="home" href="/">Pipewright</a>${nav.join('')}
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
