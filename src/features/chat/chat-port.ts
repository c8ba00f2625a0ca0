import type { AnswerMessage } from './answer.ts';
import type { Attachment } from './attachment.ts';

/** A message as the server keeps it. */
export interface StoredMessage {
  readonly id: string;
  readonly role: 'user' | 'assistant';
  readonly text: string;
  /** UTC, ISO 8601. */
  readonly timestamp: string | null;
  readonly execution_id: string | null;
  /** Why there is no real answer; the text then says it to people. */
  readonly error_code: string | null;
  readonly attachments: readonly StoredAttachment[];
}

export interface StoredAttachment {
  readonly id: string;
  readonly filename: string;
  readonly media_type: string;
  readonly size_bytes: number;
}

export interface MessagePage {
  /** Oldest first. */
  readonly messages: readonly StoredMessage[];
  readonly has_more: boolean;
  readonly thread_id: string;
}

export interface SendRequest {
  /** Null: the main one. */
  readonly threadId: string | null;
  readonly text: string;
  readonly attachments: readonly Attachment[];
  /** An earlier message that this one replaces, with everything after it. */
  readonly editOf?: string | undefined;
  /** An earlier message that is sent again as it was. */
  readonly retryOf?: string | undefined;
}

export interface Sent {
  readonly executionId: string;
  readonly threadId: string;
  readonly messageId: string;
}

export interface FollowRequest {
  readonly executionId: string;
  /** It was begun before this page was opened, so part of it is written already. */
  readonly resumed: boolean;
  readonly onMessage: (message: AnswerMessage) => void;
}

/** Where a conversation comes from and goes to. Failures reject with what `readProblem` reads. */
export interface ChatPort {
  readonly load: (page: { threadId: string | null; beforeId: string | null }) => Promise<MessagePage>;
  readonly send: (request: SendRequest) => Promise<Sent>;
  /** Tells what happens in a run from its beginning on. @returns the function that stops telling */
  readonly follow: (request: FollowRequest) => () => void;
  /** Stops what is being answered. */
  readonly stop: (threadId: string | null) => Promise<void>;
  /** What is kept of a run, for those who may see how an answer came about; null for others. */
  readonly detail: ((executionId: string) => Promise<readonly AnswerMessage[]>) | null;
  /** Where a kept file can be read as it is; null where that takes more than an address. */
  readonly fileAddress: ((id: string) => string) | null;
  readonly readFile: (id: string) => Promise<Blob>;
}
