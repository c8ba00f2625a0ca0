import type { Access } from '#contract/operation.ts';
import { PERMISSIONS } from '#domain/access/permission.ts';
import { curlExample, fetchExample } from './docs-example.ts';
import {
  at,
  escapeHtml as escape,
  limitText,
  resolve,
  type Schema,
  titleHtml,
  typeText,
} from './docs-schema.ts';
import type { Prepared } from './operation.ts';

interface Field {
  readonly name: string;
  readonly required: boolean;
  readonly schema: Schema;
}

/** One operation of the reference: what it is for, what it takes, how to call it, what it answers. */
export function operationHtml(prepared: Prepared, document: Schema): string {
  const { id, operation } = prepared;
  const described = at(document, ['paths', `${operation.path}/`, operation.method]) as Schema;
  const tag = tagOf(operation.access);
  return `<article id="${id}"><h3><a href="#${id}">${titleHtml(operation.summary)}</a>${tag && `<span class="tag">${tag}</span>`}</h3>
<p class="call"><b class="${operation.method}">${operation.method.toUpperCase()}</b>
<code>${escape(operation.path).replaceAll('/', '/<wbr>')}/</code></p>
${table('Path', parametersIn(described, 'path'))}${table('Query', parametersIn(described, 'query'))}
${table('Body', bodyOf(described))}${examplesHtml(prepared)}${answersHtml(described, document)}</article>`;
}

/** Who may call, where that is not everybody who is signed in. */
function tagOf(access: Access): string {
  if (access === 'public') return 'no key needed';
  if (access === 'gateway') return 'message gateway';
  if (access === 'visitor') return 'visitor';
  return PERMISSIONS[access] === 'administrator' ? 'admin' : '';
}

function parametersIn(described: Schema, where: string): Field[] {
  const parameters = (described.parameters ?? []) as readonly Schema[];
  return parameters
    .filter((one) => one.in === where)
    .map((one) => ({
      name: String(one.name),
      required: one.required === true,
      schema: one.schema as Schema,
    }));
}

const bodyOf = (described: Schema): Field[] =>
  fieldsOf((at(described, ['requestBody', 'content', 'application/json', 'schema']) ?? {}) as Schema);

function fieldsOf(schema: Schema): Field[] {
  const required = new Set((schema.required ?? []) as readonly string[]);
  return Object.entries((schema.properties ?? {}) as Record<string, Schema>).map(([name, one]) => ({
    name,
    required: required.has(name),
    schema: one,
  }));
}

function table(title: string, fields: readonly Field[], isAnswer = false): string {
  if (fields.length === 0) return '';
  const rows = fields.map(({ name, required, schema }) => {
    const need = required && !isAnswer ? ' <em>required</em>' : '';
    const limits = isAnswer ? '' : limitText(schema);
    const text = schema.description === undefined ? '' : `${escape(schema.description)} `;
    return `<tr><td><code>${escape(name)}</code>${need}</td><td>${escape(typeText(schema))}</td><td>${text}<small>${escape(limits)}</small></td></tr>`;
  });
  return `<table><thead><tr><th>${title}</th><th>Type</th><th></th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function answersHtml(described: Schema, document: Schema): string {
  const responses = Object.entries(described.responses as Record<string, Schema>);
  const chips = responses
    .filter(([status]) => status !== 'default')
    .map(
      ([status, response]) =>
        `<li><i class="${status < '400' ? 'good' : 'bad'}">${status}</i> ${titleHtml(String(resolve(document, response).description))}</li>`,
    );
  const good = responses.find(([status]) => status < '400')?.[1];
  const schema = at(good, ['content', 'application/json', 'schema']) as Schema | undefined;
  return `<ul class="answers">${chips.join('')}</ul>${schema ? answerFields(schema, document) : ''}`;
}

/** The fields of the answer, or of the items of a list. */
function answerFields(schema: Schema, document: Schema): string {
  const whole = resolve(document, schema);
  const items = (whole.type === 'array' ? whole : at(whole, ['properties', 'items'])) as Schema | undefined;
  const item = items?.items as Schema | undefined;
  const tables = [
    table('Answer', fieldsOf(whole), true),
    item ? table('Each item', fieldsOf(resolve(document, item)), true) : '',
  ].join('');
  if (tables === '') return '';
  return `<details><summary>Answer${schema.$ref ? `: ${escape(typeText(schema))}` : item ? `: ${escape(typeText(items))}` : ''}</summary>${tables}</details>`;
}

function examplesHtml(prepared: Prepared): string {
  return `<pre class="curl" tabindex="0" aria-label="Example for a shell">${escape(curlExample(prepared))}</pre>
<details class="script"><summary>JavaScript</summary><pre tabindex="0">${escape(fetchExample(prepared))}</pre></details>`;
}
