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

const usage = (answer: ScriptedAnswer) => {
  const { input, cached, output } = usageOf(answer);
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cached },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + output,
  };
};

const searchItem = ({ query, results = [], error }: ScriptedSearch, id: string) => ({
  type: 'web_search_call',
  id,
  status: error === undefined ? 'completed' : 'failed',
  action: { type: 'search', query, sources: results.map(({ url }) => ({ type: 'url', url })) },
});

/** What an answer consists of: searches, the text, calls. Cited is what has a title. */
function itemsOf(answer: ScriptedAnswer, index: number) {
  const searches = (answer.searches ?? []).map((one, i) => searchItem(one, `ws_${index}_${i}`));
  const cited = (answer.searches ?? []).flatMap(({ results = [] }) => results);
  const annotations = cited.map(({ url, title }) => ({
    type: 'url_citation',
    start_index: 0,
    end_index: 1,
    url,
    title,
  }));
  const text = textOf(answer);
  const message = { type: 'message', id: `msg_${index}`, role: 'assistant', status: 'completed' };
  const content = [{ type: 'output_text', text, annotations }];
  const calls = (answer.toolCalls ?? []).map((call, i) => ({
    type: 'function_call',
    id: `fc_${index}_${i}`,
    call_id: call.id ?? `call_${index}_${i}`,
    name: call.name,
    arguments: argsOf(call),
    status: 'completed',
  }));
  return { searches, annotations, messages: text === '' ? [] : [{ ...message, content }], calls };
}

const headOf = (request: ScriptedRequest, index: number) => ({
  id: `resp_${index}`,
  object: 'response',
  created_at: 1_700_000_000,
  model: request.body.model,
});

/** An answer of `/responses` that is not streamed. */
export function responsesBody(answer: ScriptedAnswer, request: ScriptedRequest, index: number): unknown {
  const { searches, messages, calls } = itemsOf(answer, index);
  return {
    ...headOf(request, index),
    status: 'completed',
    output: [...searches, ...messages, ...calls],
    usage: usage(answer),
    incomplete_details: null,
  };
}

/** The events of a streamed answer of `/responses`. */
export function responsesEvents(
  answer: ScriptedAnswer,
  request: ScriptedRequest,
  index: number,
): ScriptedEvent[] {
  const event = (type: string, more: object, isPiece = false): ScriptedEvent => ({
    isPiece,
    data: `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`,
  });
  const { searches, annotations, messages, calls } = itemsOf(answer, index);
  const around = (output_index: number, item: { type: string; id: string }, inner: ScriptedEvent[]) => [
    event('response.output_item.added', {
      output_index,
      item: { ...item, ...(item.type === 'function_call' && { arguments: '' }) },
    }),
    ...inner,
    event('response.output_item.done', { output_index, item }),
  ];
  const response = headOf(request, index);
  return [
    event('response.created', { response }),
    ...searches.flatMap((item, i) => around(i, item, [])),
    ...messages.flatMap((item) => {
      const at = { item_id: item.id, output_index: searches.length, content_index: 0 };
      return around(searches.length, item, [
        ...piecesOf(answer).map((delta) => event('response.output_text.delta', { ...at, delta }, true)),
        ...annotations.map((annotation) =>
          event('response.output_text.annotation.added', { ...at, annotation_index: 0, annotation }),
        ),
      ]);
    }),
    ...calls.flatMap((item, i) => {
      const at = { item_id: item.id, output_index: searches.length + messages.length + i };
      const pieces = inPieces(item.arguments).map((delta) =>
        event('response.function_call_arguments.delta', { ...at, delta }, true),
      );
      return around(at.output_index, item, pieces);
    }),
    event('response.completed', {
      response: { ...response, usage: usage(answer), incomplete_details: null },
    }),
  ];
}
