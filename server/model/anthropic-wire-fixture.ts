import {
  argsOf,
  inPieces,
  piecesOf,
  type ScriptedAnswer,
  type ScriptedEvent,
  type ScriptedRequest,
  type ScriptedSearch,
  textOf,
  usageOf,
} from './scripted-answer-fixture.ts';

const STOPS = { stop: 'end_turn', length: 'max_tokens', content_filter: 'refusal' } as const;

interface Block {
  readonly type: 'text' | 'thinking' | 'tool_use' | 'search';
  readonly whole: object;
  readonly empty: object;
  readonly deltas: readonly object[];
}

/** What an answer consists of. A schema may be asked for as a tool called `json`; then the object is its input. */
function blocksOf(answer: ScriptedAnswer, request: ScriptedRequest, index: number): Block[] {
  const tools = request.body.tools ?? [];
  const asTool = answer.object !== undefined && tools.some(({ name }) => name === 'json');
  const object = { name: 'json', args: answer.object as object };
  const calls = asTool ? [object] : (answer.toolCalls ?? []);
  const text = asTool ? '' : textOf(answer);
  const blocks: Block[] = [];
  if (answer.reasoning !== undefined) {
    blocks.push({
      type: 'thinking',
      whole: { type: 'thinking', thinking: answer.reasoning, signature: 'sig' },
      empty: { type: 'thinking', thinking: '', signature: '' },
      deltas: [
        { type: 'thinking_delta', thinking: answer.reasoning },
        { type: 'signature_delta', signature: 'sig' },
      ],
    });
  }
  blocks.push(...(answer.searches ?? []).flatMap((one, i) => searchBlocks(one, `srvtoolu_${index}_${i}`)));
  if (text !== '') {
    blocks.push({
      type: 'text',
      whole: { type: 'text', text },
      empty: { type: 'text', text: '' },
      deltas: piecesOf(answer).map((piece) => ({ type: 'text_delta', text: piece })),
    });
  }
  return [...blocks, ...calls.map((call, i) => callBlock(call, `toolu_${index}_${i}`))];
}

/** The call and its result, which the provider makes by itself. */
function searchBlocks({ query, results = [], error }: ScriptedSearch, id: string): Block[] {
  const head = { type: 'server_tool_use', id, name: 'web_search' };
  const found = results.map(({ url, title }) => {
    const encrypted_content = `sealed:${url}`;
    return { type: 'web_search_result', url, title, encrypted_content, page_age: null };
  });
  const content = error === undefined ? found : { type: 'web_search_tool_result_error', error_code: error };
  const result = { type: 'web_search_tool_result', tool_use_id: id, content };
  const deltas = inPieces(JSON.stringify({ query })).map((piece) => ({
    type: 'input_json_delta',
    partial_json: piece,
  }));
  return [
    { type: 'search', whole: { ...head, input: { query } }, empty: { ...head, input: {} }, deltas },
    { type: 'search', whole: result, empty: result, deltas: [] },
  ];
}

function callBlock(call: NonNullable<ScriptedAnswer['toolCalls']>[number], id: string): Block {
  const head = { type: 'tool_use', id: call.id ?? id, name: call.name };
  const deltas = inPieces(argsOf(call)).map((piece) => ({ type: 'input_json_delta', partial_json: piece }));
  return { type: 'tool_use', whole: { ...head, input: call.args }, empty: { ...head, input: {} }, deltas };
}

const stopOf = (answer: ScriptedAnswer, blocks: readonly Block[]): string =>
  answer.pauses
    ? 'pause_turn'
    : answer.finish
      ? STOPS[answer.finish]
      : blocks.some(({ type }) => type === 'tool_use')
        ? 'tool_use'
        : 'end_turn';

/** This wire counts cached tokens apart from the others. */
const usage = (answer: ScriptedAnswer) => {
  const { input, cached, output } = usageOf(answer);
  return {
    input_tokens: input - cached,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cached,
    output_tokens: output,
  };
};

/** An answer of `/messages` that is not streamed. */
export function anthropicBody(answer: ScriptedAnswer, request: ScriptedRequest, index: number): unknown {
  const blocks = blocksOf(answer, request, index);
  return {
    id: `msg_${index}`,
    type: 'message',
    role: 'assistant',
    model: request.body.model,
    content: blocks.map(({ whole }) => whole),
    stop_reason: stopOf(answer, blocks),
    stop_sequence: null,
    usage: usage(answer),
  };
}

/** The events of a streamed answer of `/messages`. */
export function anthropicEvents(
  answer: ScriptedAnswer,
  request: ScriptedRequest,
  index: number,
): ScriptedEvent[] {
  const event = (type: string, more: object) => ({
    isPiece: type === 'content_block_delta',
    data: `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`,
  });
  const blocks = blocksOf(answer, request, index);
  const message = {
    id: `msg_${index}`,
    type: 'message',
    role: 'assistant',
    model: request.body.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { ...usage(answer), output_tokens: 1 },
  };
  return [
    event('message_start', { message }),
    ...blocks.flatMap(({ empty, deltas }, i) => [
      event('content_block_start', { index: i, content_block: empty }),
      ...deltas.map((delta) => event('content_block_delta', { index: i, delta })),
      event('content_block_stop', { index: i }),
    ]),
    event('message_delta', {
      delta: { stop_reason: stopOf(answer, blocks), stop_sequence: null },
      usage: { output_tokens: usageOf(answer).output },
    }),
    event('message_stop', {}),
  ];
}

const KINDS: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

/** An error as this wire words it. */
export const anthropicError = (status: number, message: string): unknown => ({
  type: 'error',
  error: { type: KINDS[status] ?? 'api_error', message },
});
