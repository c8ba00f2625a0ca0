import { subscribe } from '#client/live.ts';
import { readProblem } from '#client/problem.ts';
import { api } from '#client/trpc.ts';
import type { AnswerMessage } from './answer.ts';
import { inputOf } from './attachment.ts';
import type { ChatPort, FollowRequest } from './chat-port.ts';
import { deltasOf } from './delta-stream.ts';

const PAGE = 30;
const EVENTS = 1000;

/** The conversations of whoever is signed in with one workflow. `triggerId`: which of its chat triggers is meant. */
export function memberPort(slug: string, triggerId: string | null = null): ChatPort {
  const workflow = { workflow_slug: slug };
  const inThread = (threadId: string | null): { thread_id?: string } =>
    threadId === null ? {} : { thread_id: threadId };
  const base = `/api/v1/workflows/${encodeURIComponent(slug)}/chat`;
  const fileAddress = (id: string): string => `${base}/attachments/${encodeURIComponent(id)}`;
  return {
    load: ({ threadId, beforeId }) =>
      api.chat.history.query({
        ...workflow,
        ...inThread(threadId),
        limit: PAGE,
        ...(beforeId !== null && { before_id: beforeId }),
      }),
    send: async ({ threadId, text, attachments, editOf, retryOf }) => {
      const sent = await api.chat.send.mutate({
        ...workflow,
        ...inThread(threadId),
        text,
        attachments: attachments.map(inputOf),
        ...(triggerId !== null && { trigger_node_id: triggerId }),
        ...(editOf !== undefined && { edit_of: editOf }),
        ...(retryOf !== undefined && { retry_of: retryOf }),
      });
      return { executionId: sent.execution_id, threadId: sent.thread_id, messageId: sent.message_id };
    },
    follow: (request) => followRun(base, request),
    stop: async (threadId) => void (await api.chat.stop.mutate({ ...workflow, ...inThread(threadId) })),
    detail: eventsOf,
    fileAddress,
    readFile: async (id) => {
      const answer = await fetch(fileAddress(id));
      if (!answer.ok) throw new Error('The file is not there any more.');
      return answer.blob();
    },
  };
}

/**
 * What happens in a run comes over the socket, from its beginning. Of an answer that is half written only the
 * stream knows the beginning, so there the words come from it.
 */
function followRun(base: string, { executionId, resumed, onMessage }: FollowRequest): () => void {
  const leaveSocket = subscribe(`execution:${executionId}`, {
    afterSeq: 0,
    onMessage: ({ type, data }) => {
      if (!(resumed && type === 'chat_delta')) onMessage({ type, data });
    },
    onReady: (again) => {
      if (again || resumed) void endOf(executionId).then((end) => end && onMessage(end));
    },
  });
  const leaveStream = resumed
    ? deltasOf(`${base}/stream?execution_id=${encodeURIComponent(executionId)}`, onMessage)
    : null;
  return () => {
    leaveSocket();
    leaveStream?.();
  };
}

/** The last message of a run that is over, for those who missed it; null while it goes on. */
async function endOf(executionId: string): Promise<AnswerMessage | null> {
  try {
    const run = await api.executions.status.query({ execution_id: executionId });
    if (!['completed', 'failed', 'cancelled'].includes(run.status)) return null;
    return { type: `execution_${run.status}`, data: { error: run.error_message } };
  } catch (error) {
    // Somebody has deleted it.
    return readProblem(error).status === 404 ? { type: 'execution_cancelled', data: {} } : null;
  }
}

async function eventsOf(executionId: string): Promise<readonly AnswerMessage[]> {
  const events: AnswerMessage[] = [];
  for (let after = 0; ; ) {
    const page = await api.executions.events.query({
      execution_id: executionId,
      after_seq: after,
      limit: EVENTS,
    });
    events.push(...page.items);
    if (page.items.length < EVENTS) return events;
    after = page.last_seq;
  }
}
