import { createContext, type ReactNode, useContext } from 'react';
import type { ChatPort } from './chat-port.ts';
import type { Conversation } from './conversation.ts';

/** How a conversation is shown, and what those who look at it may do. */
export interface ChatFace {
  readonly conversation: Conversation;
  /** Where a run can be looked at; null for visitors, who do not see how an answer came about. */
  readonly runAddress: ((executionId: string) => string) | null;
  /** Adds how a kept answer came about; null where nobody may know. */
  readonly explain: ((executionId: string) => Promise<void>) | null;
  /** What a run asks people, with the answers to it. */
  readonly questions: ((executionId: string) => ReactNode) | null;
  /** The files of earlier messages. */
  readonly files: Pick<ChatPort, 'fileAddress' | 'readFile'>;
  /** Puts an earlier message into the composer. */
  readonly edit: (turnId: string) => void;
}

export const ChatFaceContext = createContext<ChatFace | null>(null);

/** @throws when used outside a conversation: a mistake in the code, not of the person. */
export function useChatFace(): ChatFace {
  const face = useContext(ChatFaceContext);
  if (!face) throw new Error('This component must be inside a conversation.');
  return face;
}
