import {
  argsOf,
  inPieces,
  piecesOf,
  type ScriptedAnswer,
  type ScriptedEvent,
  type ScriptedRequest,
  textOf,
  usageOf,
} from './scripted-answer-fixture.ts';

const finishOf = ({ finish, toolCalls }: ScriptedAnswer): string =>
  finish ?? (toolCalls ? 'tool_calls' : 'stop');

const usage = (answer: ScriptedAnswer) => {
  const { input, cached, output } = usageOf(answer);
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cached },
  };
};

/** An answer of `/chat/completions` that is not streamed. */
export function openaiBody(answer: ScriptedAnswer, request: ScriptedRequest, index: number): unknown {
  const calls = answer.toolCalls?.map((call, i) => ({
    id: call.id ?? `call_${index}_${i}`,
    type: 'function',
    function: { name: call.name, arguments: argsOf(call) },
  }));
  const message = {
    role: 'assistant',
    content: textOf(answer) || null,
    ...(answer.reasoning !== undefined && { reasoning_content: answer.reasoning }),
    ...(calls && { tool_calls: calls }),
  };
  return {
    id: `chatcmpl-${index}`,
    object: 'chat.completion',
    created: 1_700_000_000,
    model: request.body.model,
    choices: [{ index: 0, message, finish_reason: finishOf(answer) }],
    usage: usage(answer),
  };
}

/** The events of a streamed answer of `/chat/completions`. */
export function openaiEvents(
  answer: ScriptedAnswer,
  request: ScriptedRequest,
  index: number,
): ScriptedEvent[] {
  const event = (delta: object | null, more: object = {}, finish: string | null = null) => ({
    isPiece: delta !== null && finish === null && !('role' in delta),
    data: `data: ${JSON.stringify({
      id: `chatcmpl-${index}`,
      object: 'chat.completion.chunk',
      created: 1_700_000_000,
      model: request.body.model,
      choices: delta === null ? [] : [{ index: 0, delta, finish_reason: finish }],
      ...more,
    })}\n\n`,
  });
  const thoughts = answer.reasoning === undefined ? [] : [event({ reasoning_content: answer.reasoning })];
  const calls = (answer.toolCalls ?? []).flatMap((call, i) => {
    const named = { name: call.name, arguments: '' };
    const head = { index: i, id: call.id ?? `call_${index}_${i}`, type: 'function', function: named };
    const pieces = inPieces(argsOf(call)).map((piece) => ({ index: i, function: { arguments: piece } }));
    return [head, ...pieces].map((one) => event({ tool_calls: [one] }));
  });
  const wantsUsage = request.body.stream_options?.include_usage === true;
  return [
    event({ role: 'assistant', content: '' }),
    ...thoughts,
    ...piecesOf(answer).map((content) => event({ content })),
    ...calls,
    event({}, {}, finishOf(answer)),
    ...(wantsUsage ? [event(null, { usage: usage(answer) })] : []),
    { data: 'data: [DONE]\n\n', isPiece: false },
  ];
}

/** An error as this wire words it. */
export const openaiError = (status: number, message: string): unknown => ({
  error: { message, type: status === 401 ? 'invalid_request_error' : 'error', param: null, code: null },
});
