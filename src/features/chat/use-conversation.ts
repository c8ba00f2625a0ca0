import { useEffect, useMemo, useRef } from 'react';
import { afterMessages, answerOf } from './answer.ts';
import type { ChatFace } from './chat-face.ts';
import type { ChatPort } from './chat-port.ts';
import { type Conversation, type ConversationHooks, createConversation } from './conversation.ts';

/** One conversation, open as long as the component is there and both arguments stay the same. */
export function useConversation(
  port: ChatPort,
  threadId: string | null,
  hooks: ConversationHooks = {},
): Conversation {
  const latest = useRef(hooks);
  latest.current = hooks;
  const conversation = useMemo(() => begin(port, threadId, latest), [port, threadId]);
  useEffect(() => {
    void conversation.open();
    return () => conversation.close();
  }, [conversation]);
  return conversation;
}

function begin(
  port: ChatPort,
  threadId: string | null,
  hooks: { readonly current: ConversationHooks },
): Conversation {
  return createConversation(port, threadId, {
    beforeSend: async () => hooks.current.beforeSend?.(),
    onRun: (executionId) => hooks.current.onRun?.(executionId),
  });
}

/** Adds to a reply how it came about, from what is kept of its run. */
export function useExplain(port: ChatPort, conversation: Conversation): ChatFace['explain'] {
  return useMemo(() => {
    const { detail } = port;
    if (!detail) return null;
    return async (executionId) => {
      const answer = afterMessages(answerOf(executionId), await detail(executionId));
      conversation.store.setState(({ turns }) => ({
        turns: turns.map((turn) =>
          turn.kind === 'reply' && turn.executionId === executionId ? { ...turn, answer } : turn,
        ),
      }));
    };
  }, [port, conversation]);
}
