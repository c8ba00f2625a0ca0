import type { OutputOf } from '#contract/contract.ts';
import type { AnswerMessage } from './answer.ts';
import { inputOf } from './attachment.ts';
import type { ChatPort, FollowRequest } from './chat-port.ts';
import { recordIn } from './delta-stream.ts';
import { readStream, type StreamEvent } from './event-stream.ts';
import type { VisitClient } from './visit-client.ts';

const PAGE = 30;

/** The one conversation of a visitor with a hosted page. */
export function visitorPort(client: VisitClient): ChatPort {
  const pathOf = (id: string): string => `/attachments/${encodeURIComponent(id)}`;
  return {
    load: ({ beforeId }) => {
      const query = new URLSearchParams({
        limit: String(PAGE),
        ...(beforeId !== null && { before_id: beforeId }),
      });
      return client.call<OutputOf<'visits', 'history'>>('GET', `/messages?${query.toString()}`);
    },
    send: async ({ text, attachments, editOf, retryOf }) => {
      const sent = await client.call<OutputOf<'visits', 'send'>>('POST', '/messages', {
        text,
        attachments: attachments.map(inputOf),
        ...(editOf !== undefined && { edit_of: editOf }),
        ...(retryOf !== undefined && { retry_of: retryOf }),
      });
      return { executionId: sent.execution_id, threadId: sent.thread_id, messageId: sent.message_id };
    },
    follow: (request) => followStream(client, request),
    stop: () => client.call('POST', '/stop', {}),
    detail: null,
    // Whoever shows a token cannot be known by an address alone.
    fileAddress: client.framed ? null : (id) => client.addressOf(pathOf(id)),
    readFile: (id) => client.file(pathOf(id)),
  };
}

function followStream(client: VisitClient, { executionId, onMessage }: FollowRequest): () => void {
  let ended = false;
  const query = new URLSearchParams({ execution_id: executionId });
  return readStream({
    address: client.addressOf(`/stream?${query.toString()}`),
    headers: client.headers,
    onEvent: (event) => {
      const message = messageOf(event);
      if (event.type === 'end') ended = true;
      if (message) onMessage(message);
    },
    onLost: async () => {
      if (ended) return false;
      // The stream is gone for good when the run is; what was said about it is in the history.
      const page = await client
        .call<OutputOf<'visits', 'history'>>('GET', '/messages?limit=10')
        .catch(() => null);
      const said = page?.messages.find((one) => one.role === 'assistant' && one.execution_id === executionId);
      if (!said) return true;
      onMessage({ type: 'execution_completed', data: {} });
      return false;
    },
  });
}

/** An event of the stream in the words of the socket. */
export function messageOf({ type, data: text }: StreamEvent): AnswerMessage | null {
  const data = recordIn(text);
  if (!data) return null;
  switch (type) {
    case 'delta':
      return { type: 'chat_delta', data };
    case 'message':
      return { type: 'chat_message', data };
    case 'node':
      return { type: 'node_status', data };
    case 'end':
      return { type: `execution_${String(data['status'])}`, data: { error: data['text'] } };
    default:
      return null;
  }
}
