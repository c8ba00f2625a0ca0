import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AiStage, type NodeSketch, startAiStage } from './ai-stage-fixture.ts';
import type { Caller } from './http/test-server.ts';

// What agents reach beside the tools that are plugged in: their provider's search, a starred one, skills on disk.

/** Search servers and pages; `/both/…` answers once two have asked, and breaks off with the first. */
class Web {
  readonly seen: { readonly url: string; readonly authorization: string | undefined }[] = [];
  private both: (() => void)[] = [];
  private readonly server: Server = createServer((incoming, outgoing) => {
    const { url = '', headers } = incoming;
    this.seen.push({ url, authorization: headers.authorization });
    if (url.startsWith('/both/')) {
      this.both.push(() => (url === '/both/breaks' ? outgoing.destroy() : outgoing.end('whole')));
      if (this.both.length === 2) for (const answer of this.both.splice(0)) answer();
      return;
    }
    const results = [{ title: `Found by ${url.split('/')[1]}`, url: 'https://x.example/', content: 'Rain.' }];
    outgoing.setHeader('content-type', 'application/json').end(JSON.stringify({ results }));
  });

  async start(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

let web: Web;
let stage: AiStage;
let skills: string;

beforeAll(async () => {
  web = await new Web().start();
  skills = await mkdtemp(join(tmpdir(), 'pipewright-skills-'));
  stage = await startAiStage([web.host], { PIPEWRIGHT_SKILLS: skills });
});
beforeEach(() => {
  stage.llm.requests.length = 0;
  web.seen.length = 0;
});
afterAll(async () => {
  await stage.close();
  await web.close();
  await rm(skills, { recursive: true, force: true });
});

let drawn = 0;
/** An agent with a model and what else is plugged into it, by edge. @returns the workflow's slug */
async function draw(
  parts: Readonly<Record<string, readonly [edge: string, node: NodeSketch]>> = {},
  model: object = {},
): Promise<string> {
  const slug = `agent-${(drawn += 1)}`;
  const [type, config] = stage.model;
  await stage.draw(
    slug,
    {
      start: ['trigger_manual'],
      text: ['set', { mode: 'text', text: 'Go.' }],
      model: [type, { ...config, ...model }],
      agent: ['agent', {}],
      ...Object.fromEntries(Object.entries(parts).map(([id, [, node]]) => [id, node])),
    },
    [
      'start.payload > text.input',
      'text.output > agent.messages',
      'model.model > agent.model',
      ...Object.values(parts).map(([edge]) => edge),
    ],
  );
  return slug;
}
const offered = (at = 0) =>
  stage.llm.requests[at]?.body.tools?.map((one) => one.function?.name ?? one.name ?? one.type);
const told = (): string[] =>
  (stage.llm.requests.at(-1)?.body.messages ?? [])
    .filter(({ role }) => role === 'tool')
    .map(({ content }) => String(content));
const credential = async (caller: Caller, type: string, detail: object): Promise<number> =>
  (await caller.ok<{ id: number }>('credentials.create', { name: 'Own', credential_type: type, detail })).id;
const validate = (slug: string) =>
  stage.ada.ok<{
    valid: boolean;
    errors: string[];
    problems: { level: string; code: string; node_id: string }[];
  }>('workflows.validate', { workflow_slug: slug });

describe('the provider’s own search', () => {
  const search = { query: 'weather', results: [{ url: 'https://w.example/', title: 'Weather' }] };

  it.each(['anthropic', 'openai'])(
    'of %s is a tool call in the run, in the events and in the row of costs',
    async (kind) => {
      const detail = {
        provider_type: kind,
        base_url: kind === 'openai' ? stage.llm.openai : stage.llm.anthropic,
        api_key: 'sk-x',
      };
      const llm_credential_id = await credential(stage.ada, 'llm', detail);
      const slug = await draw(
        { sum: ['sum.tool > agent.tools', ['calculator', {}]] },
        { llm_credential_id, use_native_search: true },
      );
      expect(await validate(slug)).toMatchObject({ valid: true });
      stage.llm.script(
        {
          searches: [search],
          text: 'I add.',
          toolCalls: [{ name: 'calculator', args: { expression: '1 + 2' } }],
        },
        { text: 'Rain, and 3.' },
      );
      const run = await stage.run(slug);
      expect(run).toMatchObject({
        status: 'completed',
        final_output: { output: 'Rain, and 3.' },
        llm_calls: 2,
      });
      expect((await stage.calls(run.execution_id)).map(({ key, title }) => [key, title])).toEqual([
        ['turn:1', expect.any(String)],
        ['tool:1:search:0', 'web_search'],
        ['tool:1:0', 'calculator'],
        ['turn:2', expect.any(String)],
      ]);
      const events = await stage.events(run.execution_id);
      const searched = events.filter(({ data }) => data['tool_name'] === 'web_search');
      expect(searched.map(({ data }) => [data['node_id'], data['status'], data['parent_node_id']])).toEqual([
        ['model', 'running', 'agent'],
        ['model', 'success', 'agent'],
      ]);
      expect(JSON.stringify(searched[1]?.data['output'])).toContain('https://w.example/');
      expect(JSON.stringify(events)).not.toContain('sealed:');
      expect(events.at(-1)?.data['activity_summary']).toMatchObject({ tool_invocations: 2 });
      expect(stage.llm.requests[1]?.raw).toContain(
        kind === 'openai' ? '"type":"web_search_call"' : 'sealed:https://w.example/',
      );
    },
  );

  it('is not there with other accounts: validation and the run say so', async () => {
    const slug = await draw({}, { use_native_search: true });
    const { valid, errors, problems } = await validate(slug);
    expect(valid).toBe(false);
    expect(errors.join()).toMatch(
      /use_native_search — “Models” \(openai_compatible\) has no web search of its own/,
    );
    expect(problems).toContainEqual(
      expect.objectContaining({ code: 'native_search_unavailable', node_id: 'model' }),
    );
    expect(await stage.run(slug)).toMatchObject({
      status: 'failed',
      error_message: expect.stringContaining('has no web search of its own'),
      llm_calls: 0,
    });
  });
});

describe('a starred SearXNG server', () => {
  const detailOf = (path: string, is_preferred: boolean, config: object = {}) => ({
    tool_type: 'searxng',
    is_preferred,
    config: { url: `http://${web.host}/${path}`, ...config },
  });

  it('is searched by agents that have no search, with its own credential, and by nobody else’s', async () => {
    const bob = await stage.server.addUser('bob');
    await credential(bob, 'tool', detailOf('bob', true));
    const plain = await draw();
    await credential(stage.ada, 'tool', detailOf('unstarred', false));
    stage.llm.script({ text: 'Done.' });
    await stage.run(plain);
    expect(offered()).toBeUndefined();

    const starred = await credential(stage.ada, 'tool', detailOf('ada', true, { token: 'tok-0123456789' }));
    stage.llm.requests.length = 0;
    stage.llm.script({ toolCalls: [{ name: 'web_search', args: { query: 'weather' } }] }, { text: 'Rain.' });
    const run = await stage.run(plain);
    expect(run).toMatchObject({ status: 'completed', final_output: { output: 'Rain.' } });
    expect(offered()).toEqual(['web_search']);
    expect(web.seen).toEqual([
      { url: '/ada/search?q=weather&format=json', authorization: 'Bearer tok-0123456789' },
    ]);
    expect(told()[0]).toContain('Found by ada');
    expect((await stage.calls(run.execution_id)).map(({ title }) => title)).toContain('web_search');

    // A node without an address does the same; one that names a server keeps the token to itself.
    stage.llm.requests.length = 0;
    web.seen.length = 0;
    const two = await draw({
      node: ['node.tool > agent.tools', ['web_search', {}]],
      named: ['named.tool > agent.tools', ['web_search', { searxng_url: `http://${web.host}/named` }]],
    });
    stage.llm.script(
      {
        toolCalls: [
          { name: 'web_search', args: { query: 'a' } },
          { name: 'web_search_2', args: { query: 'b' } },
        ],
      },
      { text: 'Done.' },
    );
    await stage.run(two);
    expect(offered()).toEqual(['web_search', 'web_search_2']);
    expect(web.seen.toSorted((a, b) => a.url.localeCompare(b.url))).toEqual([
      { url: '/ada/search?q=a&format=json', authorization: 'Bearer tok-0123456789' },
      { url: '/named/search?q=b&format=json', authorization: undefined },
    ]);
    await stage.ada.ok('credentials.update', { credential_id: starred, detail: { is_preferred: false } });
  });
});

it('a starred SearXNG server whose secrets cannot be opened keeps no agent from answering', async () => {
  const config = { url: `http://${web.host}/torn`, token: 'tok-torn-0123456' };
  const torn = await credential(stage.ada, 'tool', { tool_type: 'searxng', is_preferred: true, config });
  const { pool } = stage.server.connection;
  await pool.query(
    'update credentials set sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 255) where id = $1',
    [torn],
  );
  const slug = await draw();
  stage.llm.requests.length = 0;
  stage.llm.script({ text: 'Hello.' });
  expect(await stage.run(slug)).toMatchObject({ status: 'completed', final_output: { output: 'Hello.' } });
  expect(offered()).toBeUndefined();
  await stage.ada.ok('credentials.remove', { credential_id: torn });
});

describe('skills in a folder', () => {
  const skillAt = (config: object): Readonly<Record<string, readonly [string, NodeSketch]>> => ({
    skill: ['skill.skill > agent.skills', ['skill', config]],
  });

  it('are listed by name, and read when the agent asks for one', async () => {
    await mkdir(join(skills, 'support', 'refund'), { recursive: true });
    const text = '---\nname: refund\ndescription: Money back\n---\nAsk for the receipt. See form.md.';
    await writeFile(join(skills, 'support', 'refund', 'SKILL.md'), text);
    await writeFile(join(skills, 'support', 'refund', 'form.md'), 'The form.');
    // As clients of the core API make it.
    const slug = await draw();
    await stage.ada.ok('nodes.create', {
      workflow_slug: slug,
      node_id: 'skill',
      component_type: 'skill',
      config: { extra_config: { skill_path: 'support', skill_source: 'filesystem' } },
    });
    await stage.ada.ok('edges.create', {
      workflow_slug: slug,
      source_node_id: 'skill',
      target_node_id: 'agent',
      edge_label: 'skill',
    });
    expect(await validate(slug)).toMatchObject({ valid: true, problems: [] });
    stage.llm.script(
      { toolCalls: [{ name: 'read_skill', args: { name: 'refund' } }] },
      { toolCalls: [{ name: 'read_skill', args: { name: 'refund', file: 'form.md' } }] },
      { toolCalls: [{ name: 'read_skill', args: { name: 'refund', file: '../../../../etc/passwd' } }] },
      { text: 'Done.' },
    );
    expect(await stage.run(slug)).toMatchObject({ status: 'completed' });
    const system = String(stage.llm.requests[0]?.body.messages[0]?.content);
    expect(system).toContain('- refund: Money back');
    expect(system).not.toContain('receipt');
    expect(told()).toEqual([text, 'The form.', expect.stringContaining('The skill has no file')]);
  });

  it('that are not there are a warning before and a sentence in the run', async () => {
    for (const skill_path of ['nowhere', '../..', '/etc']) {
      const slug = await draw(skillAt({ skill_source: 'filesystem', skill_path }));
      expect(await validate(slug)).toMatchObject({
        valid: true,
        problems: [{ level: 'warning', code: 'skill_folder_missing', node_id: 'skill' }],
      });
      expect(await stage.run(slug)).toMatchObject({
        status: 'failed',
        error_message: expect.stringMatching(
          /is not there, or not within the folder that the operator keeps/,
        ),
      });
    }
    expect(stage.llm.requests).toHaveLength(0);
  });
});

describe('settings of a model that are out of range', () => {
  it('are stored, named by validation, and refuse the start of a run by name', async () => {
    const slug = await draw();
    const config = { temperature: 9, top_p: 4, max_tokens: -1, timeout: 0, max_retries: 7 };
    const stored = await stage.ada.ok('nodes.update', { workflow_slug: slug, node: 'model', config });
    expect(stored).toMatchObject({ config });
    const { valid, errors } = await validate(slug);
    expect(valid).toBe(false);
    for (const field of ['temperature', 'top_p', 'max_tokens', 'timeout'])
      expect(errors.join()).toContain(field);
    expect(errors.join()).not.toContain('max_retries');
    const refused = await stage.ada.call('workflows.execute', { workflow_slug: slug });
    expect(refused.status).toBe(422);
    expect(JSON.stringify(refused.body)).toMatch(/“model” \(model\): temperature — /);
    expect(stage.llm.requests).toHaveLength(0);
  });

  it('fail the run with a sentence where they come from the run itself', async () => {
    const slug = await draw({}, { temperature: '{{ trigger.heat }}' });
    expect(await stage.run(slug, { heat: 9 })).toMatchObject({
      status: 'failed',
      error_message: expect.stringMatching(
        /“Temperature” is 9, but may be 2 at most\. Correct it in the node\./,
      ),
    });
    stage.llm.script({ text: 'Warm.' });
    expect(await stage.run(slug, { heat: 1.5 })).toMatchObject({ status: 'completed' });
    expect(stage.llm.requests[0]?.body['temperature']).toBe(1.5);
  });
});

it('two calls of one tool at the same time: one breaks off, the result of the other is kept', async () => {
  const slug = await draw({ get: ['get.tool > agent.tools', ['http_request', { method: 'GET', url: '' }]] });
  const url = (path: string) => ({ url: `http://${web.host}/both/${path}` });
  stage.llm.script(
    {
      toolCalls: [
        { name: 'http_request', args: url('breaks') },
        { name: 'http_request', args: url('holds') },
      ],
    },
    { text: 'One of two.' },
  );
  const run = await stage.run(slug);
  expect(run).toMatchObject({ status: 'completed', final_output: { output: 'One of two.' } });
  expect(told()[0]).toContain('<tool_error');
  expect(told()[1]).toContain('whole');
  expect(web.seen.map((one) => one.url).toSorted()).toEqual(['/both/breaks', '/both/holds']);
  expect((await stage.calls(run.execution_id)).filter(({ title }) => title === 'http_request')).toMatchObject(
    [{ is_error: expect.any(Boolean) }, { is_error: expect.any(Boolean) }],
  );
});
