import { PREPARATION, variablesOf } from './docs-example.ts';
import { operationHtml } from './docs-operation.ts';
import { escapeHtml as escape, type Schema, titleHtml } from './docs-schema.ts';
import { style } from './docs-style.ts';
import { areaOf, inOrder } from './openapi-area.ts';
import type { Prepared } from './operation.ts';

/** The reference as one page of HTML that needs nothing else: no script, no font, no request. */
export function docsPage(operations: readonly Prepared[], document: Schema, nonce: string): string {
  const byArea = Map.groupBy(operations, ({ id }) => id.split('.')[0] ?? '');
  const areas = inOrder(byArea.keys()).map((area) => ({ area, list: byArea.get(area) ?? [] }));
  const nav = areas.map(({ area, list }) => {
    const links = list.map(
      ({ id, operation }) => `<a class="one" href="#${id}">${titleHtml(operation.summary)}</a>`,
    );
    return `<a href="#${area}">${escape(areaOf(area).title)}</a><div>${links.join('')}</div>`;
  });
  const sections = areas.map(({ area, list }) => {
    const items = list.map((one) => operationHtml(one, document)).join('');
    const { title, text } = areaOf(area);
    return `<section id="${area}"><h2><a href="#${area}">${escape(title)}</a></h2><p>${escape(text)}</p>${items}</section>`;
  });
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Pipewright API</title>
<style nonce="${nonce}">${style}</style></head><body><a class="skip" href="#content">Skip to the content</a>
<nav aria-label="Contents"><a class="home" href="/">Pipewright</a><a href="#index">All operations</a>${nav.join('')}
<a href="#live">Live events</a><a href="/api/v1/openapi.json">OpenAPI</a></nav>
<main id="content"><h1>API</h1>${introduction(operations)}${index(areas)}${sections.join('')}${live}</main></body></html>`;
}

interface ListedArea {
  readonly area: string;
  readonly list: readonly Prepared[];
}

/** Everything on a few screens, for the browser’s own search: a page without script has no other. */
function index(areas: readonly ListedArea[]): string {
  const blocks = areas.map(({ area, list }) => {
    const rows = list.map(
      ({ id, operation: { method, path } }) =>
        `<li><a href="#${id}"><b class="${method}">${method.toUpperCase()}</b> <code>${escape(path).replaceAll('/', '/<wbr>')}/</code></a></li>`,
    );
    return `<h3>${escape(areaOf(area).title)}</h3><ul class="index">${rows.join('')}</ul>`;
  });
  return `<section id="index"><h2>All operations</h2><p>Your browser’s search finds paths and words on this page.</p>${blocks.join('')}</section>`;
}

function introduction(operations: readonly Prepared[]): string {
  const names = variablesOf(operations).map((name) => `<code>${escape(name)}</code>`);
  return `<p>Everything the screens do can be done over HTTP. Paths below start with <code>/api/v1</code> and work with
and without a trailing slash. Send and receive JSON.</p>
<h3>Before the examples</h3><pre tabindex="0">${escape(PREPARATION)}</pre>
<p>With these two set, the examples work as they are on the workflow that every installation starts with,
<code>order-triage</code>. Ids that only your installation knows are variables: ${names.join(', ')}. Lists give them, as
<code>id</code> or under the name of the variable:</p>
<pre tabindex="0">${escape(FIND)}</pre>
<p>Errors carry <code>{ "detail": …, "code": … }</code>. <code>detail</code> is a sentence, or a list of faulty fields
with <code>loc</code>, <code>msg</code> and <code>type</code>. Lists take <code>limit</code> (50, at most 1000) and
<code>offset</code> and answer <code>{ "items", "total" }</code>. An <code>Idempotency-Key</code> header on a request that
starts a run makes repeating it safe: the same request gets the same run, another one with that key is refused (409).</p>
<h3>Webhooks</h3><p>A webhook trigger has an address of its own, shown in the editor. It needs no key; whoever knows it may
call it.</p><pre tabindex="0">curl localhost:3000/webhooks/&lt;token&gt; -H 'Content-Type: application/json' -d '{"amount": 12}'</pre>`;
}

const FIND = `EXECUTION_ID=$(curl -s "$BASE/executions/?limit=1" -H "Authorization: Bearer $KEY" |
  sed 's/.*"execution_id":"\\([^"]*\\)".*/\\1/')`;

const live = `<section id="live"><h2>Live events</h2><p>Connect a WebSocket to <code>/ws/?token=KEY</code> and send
<code>{"type":"subscribe","channel":"workflow:my-slug"}</code> or <code>{"type":"subscribe","channel":"execution:ID",
"after_seq":0}</code>. Run events carry <code>seq</code>; after a lost connection subscribe again with the last one you saw.
Answer <code>{"type":"ping"}</code> with <code>{"type":"pong"}</code>. While a model answers, <code>chat_delta</code> carries
its words; they have no <code>seq</code>, and the <code>chat_message</code> that follows is complete.</p></section>`;
