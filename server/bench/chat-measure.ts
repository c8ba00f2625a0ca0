import pg from 'pg';
import { WebSocket } from 'ws';
import { DEFAULT_SETTINGS } from '#domain/graph/graph.ts';
import {
  type ScriptedProvider,
  type ScriptedRequest,
  startScriptedProvider,
} from '#server/model/provider-fixture.ts';
import type { Client } from './instance.ts';
import { processorMs, signUp, startInstance } from './instance.ts';
import { format, type Row, type Stage } from './measure.ts';

const CHATS = 50;
const TOKENS_PER_SECOND = 50;

interface ChatStage extends Stage {
  readonly llm: ScriptedProvider;
  readonly slug: string;
}

/**
 * Chats with a local provider on an instance of its own: how long a token takes from the provider to the browser's
 * socket, alone and with 50 chats at 50 tokens a second each, and what a page of a conversation costs.
 */
export async function chatFigures(dataDir: string, databaseUrl: string, seconds: number): Promise<Row[]> {
  return onStage(dataDir, async (stage) => [
    ...(await firstTokens(stage, 40)),
    ...(await manyChats(stage, seconds)),
    ...(await threadPages(stage, databaseUrl)),
  ]);
}

/** Only what a page of a conversation costs. */
export const threadFigures = (dataDir: string, databaseUrl: string): Promise<Row[]> =>
  onStage(dataDir, (stage) => threadPages(stage, databaseUrl));

async function onStage(dataDir: string, measure: (stage: ChatStage) => Promise<Row[]>): Promise<Row[]> {
  const llm = await startScriptedProvider();
  const instance = await startInstance(dataDir, { PIPEWRIGHT_EGRESS_ALLOW: llm.host });
  try {
    const client = await signUp(instance);
    return await measure({ instance, client, llm, slug: await drawChat(client, llm) });
  } finally {
    await instance.stop();
    await llm.close();
  }
}

async function drawChat(client: Client, llm: ScriptedProvider): Promise<string> {
  const { id } = await client.call<{ id: number }>('POST', '/credentials/', {
    name: 'Bench models',
    credential_type: 'llm',
    detail: { provider_type: 'openai_compatible', base_url: llm.openai, api_key: 'sk-bench-0123456789' },
  });
  const { slug } = await client.call<{ slug: string }>('POST', '/workflows/', {
    name: 'Bench chat',
    slug: 'bench-chat',
  });
  const node = (name: string, type: string, config: object = {}) => ({
    kind: 'add_node',
    node: { id: name, type, label: null, x: 0, y: 0, config, settings: DEFAULT_SETTINGS },
  });
  const edge = (n: number, source: string, sourcePort: string, targetPort: string) => ({
    kind: 'add_edge',
    edge: { id: n, source, sourcePort, target: 'agent', targetPort, priority: 0 },
  });
  await client.call('POST', `/workflows/${slug}/graph/`, {
    base_revision: 0,
    commands: [
      node('chat', 'trigger_chat'),
      node('model', 'ai_model', { llm_credential_id: id, model_name: 'gpt-4o' }),
      node('agent', 'agent'),
      edge(1, 'chat', 'text', 'messages'),
      edge(2, 'model', 'model', 'model'),
    ],
  });
  return slug;
}

interface Arrival {
  readonly at: number;
  readonly text: string;
}

/** A browser's socket on the workflow: when which words arrived, by run. */
async function listenTo({ instance, client, slug }: ChatStage) {
  const arrivals = new Map<string, Arrival[]>();
  let ended = 0;
  const token = String(client.headers['authorization']).replace('Bearer ', '');
  const socket = new WebSocket(`${instance.base.replace('http', 'ws')}/ws/?token=${token}`);
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('open', resolve));
  const subscribed = new Promise<void>((resolve) => {
    socket.on('message', (raw) => {
      const at = performance.now();
      const message = JSON.parse(raw.toString()) as {
        type: string;
        execution_id?: string;
        data?: { kind?: string; text?: string };
      };
      if (message.type === 'subscribed') resolve();
      if (message.type === 'ping') socket.send('{"type":"pong"}');
      if (message.type === 'execution_completed') ended += 1;
      if (message.type !== 'chat_delta' || message.data?.kind !== 'text') return;
      const id = message.execution_id ?? '';
      arrivals.set(id, [...(arrivals.get(id) ?? []), { at, text: message.data.text ?? '' }]);
    });
  });
  socket.send(JSON.stringify({ type: 'subscribe', channel: `workflow:${slug}` }));
  await subscribed;
  return {
    arrivals,
    whenEnded: async (count: number): Promise<void> => {
      const deadline = performance.now() + 120_000;
      while (ended < count) {
        if (performance.now() > deadline) throw new Error('The chats did not all end.');
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    close: () => socket.close(),
  };
}

const say = async ({ client, slug }: ChatStage, text: string, thread_id?: string): Promise<string> =>
  (
    await client.call<{ execution_id: string }>('POST', `/workflows/${slug}/chat/`, {
      text,
      ...(thread_id !== undefined && { thread_id }),
    })
  ).execution_id;

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
const bySize = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);

async function firstTokens(stage: ChatStage, chats: number): Promise<Row[]> {
  const listener = await listenTo(stage);
  stage.llm.always({ chunks: ['one ', 'two ', 'three'], delayMs: 40 });
  const delays: number[] = [];
  for (let n = 1; n <= chats; n += 1) {
    stage.llm.requests.length = 0;
    const id = await say(stage, 'Hi');
    await listener.whenEnded(n);
    const sent = stage.llm.requests[0]?.sentAt[0] ?? Number.NaN;
    delays.push((listener.arrivals.get(id)?.[0]?.at ?? Number.NaN) - sent);
  }
  listener.close();
  const sorted = bySize(delays.slice(5));
  return [
    {
      what: 'chat: first token, provider to socket (≤ 20 ms)',
      value: `p50 ${format(at(sorted, 0.5), 'ms')}, p95 ${format(at(sorted, 0.95), 'ms')}`,
    },
  ];
}

async function manyChats(stage: ChatStage, seconds: number): Promise<Row[]> {
  const { client, slug, llm } = stage;
  const tokens = seconds * TOKENS_PER_SECOND;
  const numberOf = (request: ScriptedRequest): string => {
    const { content } = request.body.messages.at(-1) ?? {};
    return String(content);
  };
  llm.requests.length = 0;
  llm.always((request) => ({
    chunks: Array.from({ length: tokens }, (_, n) => `${numberOf(request)}.${n} `),
    delayMs: 1000 / TOKENS_PER_SECOND,
  }));
  const threads = await Promise.all(
    Array.from({ length: CHATS }, async () => {
      const path = `/workflows/${slug}/chat/threads/`;
      return (await client.call<{ thread_id: string }>('POST', path, {})).thread_id;
    }),
  );
  const listener = await listenTo(stage);
  await loopLag(stage);
  const [begun, used] = [performance.now(), await processorMs(stage.instance.pid)];
  const ids = await Promise.all(threads.map((thread, n) => say(stage, `c${n}`, thread)));
  await listener.whenEnded(CHATS);
  const share = ((await processorMs(stage.instance.pid)) - used) / (performance.now() - begun);
  const lag = await loopLag(stage);
  listener.close();
  const sentAt = new Map(llm.requests.map((request) => [numberOf(request), request.sentAt]));
  const delays: number[] = [];
  const late: number[] = [];
  let missing = 0;
  for (const [n, id] of ids.entries()) {
    const arrived = listener.arrivals.get(id) ?? [];
    const seen = arrived.map(({ text }) => text).join('');
    missing += tokens - (seen.match(/\S+/g) ?? []).length;
    const sent = sentAt.get(`c${n}`) ?? [];
    for (const [place, { at: time, text }] of arrived.entries()) {
      const token = Number(/\.(\d+)/.exec(text)?.[1] ?? Number.NaN);
      delays.push(time - (sent[token] ?? Number.NaN));
      const before = arrived[place - 1];
      if (before) late.push(time - before.at);
    }
  }
  const [delay, gap] = [bySize(delays.filter((one) => !Number.isNaN(one))), bySize(late)];
  return [
    {
      what: `chat: ${CHATS} at ${TOKENS_PER_SECOND} tokens/s, tokens missing`,
      value: `${missing} of ${CHATS * tokens}`,
    },
    {
      what: '  token, provider to socket',
      value: `p50 ${format(at(delay, 0.5), 'ms')}, p99 ${format(at(delay, 0.99), 'ms')}`,
    },
    {
      what: '  between two pieces (20 ms sent)',
      value: `p50 ${format(at(gap, 0.5), 'ms')}, p99 ${format(at(gap, 0.99), 'ms')}, longest ${format(gap.at(-1) ?? Number.NaN, 'ms')}`,
    },
    { what: '  event loop delay p99 (< 50 ms)', value: format(lag, 'ms') },
    { what: '  processor time of the server', value: `${Math.round(share * 100)} % of one core` },
  ];
}

/** Of the server, since it was asked last. */
async function loopLag({ instance, client }: Stage): Promise<number> {
  const answer = await fetch(`${instance.base}/metrics`, { headers: client.headers });
  const text = await answer.text();
  return Number(/^nodejs_eventloop_lag_p99_seconds (\S+)$/m.exec(text)?.[1] ?? Number.NaN) * 1000;
}

/** A page of a short conversation and of a long one, asked for in turns: both meet the same machine. */
async function threadPages({ client, slug }: ChatStage, databaseUrl: string): Promise<Row[]> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  pool.on('error', () => undefined);
  const conversations: { messages: number; page: string; taken: number[] }[] = [];
  for (const messages of [10, 10_000]) {
    const path = `/workflows/${slug}/chat/threads/`;
    const { thread_id } = await client.call<{ thread_id: string }>('POST', path, {});
    await pool.query(
      `insert into chat_messages (chat_thread_id, role, text, created_at)
       select t.id, case when n % 2 = 0 then 'assistant' else 'user' end, 'message ' || n,
         now() - make_interval(secs => 20000 - n)
       from chat_threads t, generate_series(1, $2::int) n where t.thread_id = $1`,
      [thread_id, messages],
    );
    const page = `/workflows/${slug}/chat/history?limit=10&thread_id=${encodeURIComponent(thread_id)}`;
    conversations.push({ messages, page, taken: [] });
  }
  await pool.query('vacuum analyze chat_messages');
  await pool.end();
  for (let n = 0; n < 300; n += 1) {
    for (const { page, taken } of conversations) {
      const begun = performance.now();
      await client.call('GET', page);
      taken.push(performance.now() - begun);
    }
  }
  const times = conversations.map(({ taken }) => at(bySize(taken.slice(50)), 0.5));
  return conversations.map(({ messages }, n) => ({
    what: `chat: page of 10 of ${messages.toLocaleString('en-US')} messages`,
    value: `p50 ${format(times[n] ?? Number.NaN, 'ms')}`,
    ...(n > 0 && { ratio: (times[n] ?? Number.NaN) / (times[0] ?? Number.NaN) }),
  }));
}
