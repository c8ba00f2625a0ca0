import { type Answer, isOver } from './answer.ts';
import type { Attachment } from './attachment.ts';
import type { StoredAttachment, StoredMessage } from './chat-port.ts';

/** What a person said. */
export interface Question {
  readonly kind: 'question';
  /** The message's id; before the server has it, one of this page. */
  readonly id: string;
  readonly text: string;
  readonly at: string | null;
  readonly attachments: readonly (StoredAttachment | Attachment)[];
  readonly executionId: string | null;
  readonly state: 'sending' | 'sent' | 'refused';
  /** Why it was refused. */
  readonly problem: string | null;
}

/** What the workflow said to it. */
export interface Reply {
  readonly kind: 'reply';
  readonly id: string;
  readonly executionId: string | null;
  readonly texts: readonly string[];
  readonly at: string | null;
  readonly errorCode: string | null;
  /** How it came about, where this page has seen it. */
  readonly answer: Answer | null;
}

export type Turn = Question | Reply;

/** The messages of a page as turns; what one run said is one reply. */
export function turnsOf(
  messages: readonly StoredMessage[],
  answers: ReadonlyMap<string, Answer> = new Map(),
): Turn[] {
  const turns: Turn[] = [];
  for (const message of messages) {
    const last = turns.at(-1);
    if (message.role === 'user') turns.push(questionOf(message));
    else if (last?.kind === 'reply' && last.executionId !== null && last.executionId === message.execution_id)
      turns[turns.length - 1] = joined(last, message);
    else turns.push(replyOf(message, answers));
  }
  return turns;
}

const questionOf = (message: StoredMessage): Question => ({
  kind: 'question',
  id: message.id,
  text: message.text,
  at: message.timestamp,
  attachments: message.attachments,
  executionId: message.execution_id,
  state: 'sent',
  problem: null,
});

const replyOf = (message: StoredMessage, answers: ReadonlyMap<string, Answer>): Reply => ({
  kind: 'reply',
  id: message.id,
  executionId: message.execution_id,
  texts: [message.text],
  at: message.timestamp,
  errorCode: message.error_code,
  answer: answers.get(message.execution_id ?? '') ?? null,
});

const joined = (reply: Reply, message: StoredMessage): Reply => ({
  ...reply,
  texts: [...reply.texts, message.text],
  at: message.timestamp ?? reply.at,
  errorCode: message.error_code ?? reply.errorCode,
});

/** Older turns put before what is shown; a run whose messages lie on both pages stays one reply. */
export function withOlder(older: readonly Turn[], turns: readonly Turn[]): Turn[] {
  const last = older.at(-1);
  const [first, ...rest] = turns;
  if (last?.kind !== 'reply' || first?.kind !== 'reply' || last.executionId === null)
    return [...older, ...turns];
  if (last.executionId !== first.executionId) return [...older, ...turns];
  return [...older.slice(0, -1), { ...first, id: last.id, texts: [...last.texts, ...first.texts] }, ...rest];
}

/** The run that is still to be answered: the last question's, when nothing was said to it. */
export function openRun(turns: readonly Turn[]): string | null {
  const last = turns.at(-1);
  return last?.kind === 'question' && last.state === 'sent' ? last.executionId : null;
}

/** The question a reply answers. */
export function questionBefore(turns: readonly Turn[], id: string): Question | null {
  const at = turns.findIndex((turn) => turn.id === id);
  const before = at < 0 ? turns : turns.slice(0, at);
  return before.findLast((turn): turn is Question => turn.kind === 'question') ?? null;
}

/** A finished answer that the history does not have (yet), as a reply. */
export const replyFrom = (answer: Answer, texts: readonly string[]): Reply => ({
  kind: 'reply',
  id: `run:${answer.executionId}`,
  executionId: answer.executionId,
  texts: texts.filter((text) => text !== ''),
  at: null,
  errorCode: answer.status === 'completed' || !isOver(answer) ? null : answer.status,
  answer,
});
