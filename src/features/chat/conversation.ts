import { createStore, type StoreApi } from 'zustand/vanilla';
import { type ClientProblem, readProblem } from '#client/problem.ts';
import { type Answer, type AnswerMessage, afterMessages, answerOf, isOver, passagesOf } from './answer.ts';
import type { Attachment } from './attachment.ts';
import type { ChatPort, MessagePage, SendRequest } from './chat-port.ts';
import { paced } from './paced.ts';
import { spokenText } from './spoken-text.ts';
import {
  openRun,
  type Question,
  questionBefore,
  type Reply,
  replyFrom,
  type Turn,
  turnsOf,
  withOlder,
} from './turn.ts';

export interface ConversationState {
  readonly phase: 'loading' | 'ready' | 'failed';
  /** Why it could not be opened. */
  readonly problem: ClientProblem | null;
  readonly threadId: string | null;
  readonly turns: readonly Turn[];
  readonly hasMore: boolean;
  readonly loadingOlder: boolean;
  /** A message is on its way, or being answered. */
  readonly busy: boolean;
  /** How the last answer ended, in words for those who listen instead of looking. */
  readonly announced: { readonly id: number; readonly text: string };
}

export interface Conversation {
  readonly store: StoreApi<ConversationState>;
  /** The answer that is being given; apart from the rest, because it changes many times a second. */
  readonly live: StoreApi<Answer | null>;
  readonly open: () => Promise<void>;
  readonly older: () => Promise<void>;
  /** @returns whether the message was taken */
  readonly send: (text: string, attachments: readonly Attachment[], editOf?: string) => Promise<boolean>;
  /** Sends the question of a reply, or a question itself, again. */
  readonly retry: (turnId: string) => Promise<void>;
  /** Forgets a question that was refused. */
  readonly drop: (turnId: string) => void;
  readonly stop: () => Promise<void>;
  readonly close: () => void;
}

export interface ConversationHooks {
  /** Before anything is sent; what it rejects with is why the message is refused. */
  readonly beforeSend?: () => Promise<void>;
  /** A run answers now. */
  readonly onRun?: (executionId: string) => void;
}

const EMPTY: ConversationState = {
  phase: 'loading',
  problem: null,
  threadId: null,
  turns: [],
  hasMore: false,
  loadingOlder: false,
  busy: false,
  announced: { id: 0, text: '' },
};

let counter = 0;

/** One conversation as it is shown: what was said, and what is being answered. */
export function createConversation(
  port: ChatPort,
  threadId: string | null,
  hooks: ConversationHooks = {},
): Conversation {
  const shown = new Shown(port, threadId, hooks);
  return {
    store: shown.store,
    live: shown.live,
    open: () => shown.open(),
    older: () => shown.older(),
    send: (text, attachments, editOf) => shown.say(text, attachments, editOf),
    retry: (turnId) => shown.retry(turnId),
    drop: (turnId) => shown.drop(turnId),
    stop: () => shown.stop(),
    close: () => shown.close(),
  };
}

class Shown {
  readonly store: StoreApi<ConversationState>;
  readonly live = createStore<Answer | null>(() => null);
  private readonly port: ChatPort;
  private readonly hooks: ConversationHooks;
  /** How answers came about that this page has seen. */
  private readonly answers = new Map<string, Answer>();
  private leave: (() => void) | null = null;
  private closed = false;

  constructor(port: ChatPort, threadId: string | null, hooks: ConversationHooks) {
    this.port = port;
    this.hooks = hooks;
    this.store = createStore<ConversationState>(() => ({ ...EMPTY, threadId }));
  }

  async open(): Promise<void> {
    if (this.closed) {
      this.set({ turns: [], busy: false });
      this.live.setState(null, true);
    }
    this.closed = false;
    this.set({ phase: 'loading', problem: null });
    try {
      const page = await this.page(null);
      if (this.closed) return;
      const read = turnsOf(page.messages, this.answers);
      const known = new Set(read.map(({ id }) => id));
      // What was said while it was read may be missing in it.
      const said = this.store.getState().turns.filter(({ id }) => !known.has(id));
      this.set({
        phase: 'ready',
        turns: [...read, ...said],
        hasMore: page.has_more,
        threadId: page.thread_id,
      });
      const run = openRun(read);
      if (run !== null && this.leave === null) this.follow(run, true);
    } catch (error) {
      if (!this.closed) this.set({ phase: 'failed', problem: readProblem(error) });
    }
  }

  async older(): Promise<void> {
    const { turns, hasMore, loadingOlder } = this.store.getState();
    const [first] = turns;
    if (!hasMore || loadingOlder || !first) return;
    this.set({ loadingOlder: true });
    try {
      const page = await this.page(first.id);
      const now = this.store.getState().turns;
      this.set({ turns: withOlder(turnsOf(page.messages, this.answers), now), hasMore: page.has_more });
    } finally {
      this.set({ loadingOlder: false });
    }
  }

  async say(text: string, attachments: readonly Attachment[], editOf?: string): Promise<boolean> {
    const { turns, busy, threadId } = this.store.getState();
    if (busy) return false;
    const kept = editOf === undefined ? turns : before(turns, editOf);
    const question: Question = {
      kind: 'question',
      id: `new:${counter++}`,
      text,
      at: new Date().toISOString(),
      attachments,
      executionId: null,
      state: 'sending',
      problem: null,
    };
    this.set({ turns: [...kept, question], busy: true });
    return this.post({ threadId, text, attachments, editOf }, question, turns);
  }

  async retry(turnId: string): Promise<void> {
    const { turns, busy, threadId } = this.store.getState();
    const turn = turns.find((one) => one.id === turnId);
    const asked = turn?.kind === 'question' ? turn : questionBefore(turns, turnId);
    if (busy || !asked) return;
    if (asked.state === 'refused') {
      this.drop(asked.id);
      await this.say(asked.text, asked.attachments.filter(isNew));
      return;
    }
    const question = { ...asked, state: 'sending' as const, problem: null };
    this.set({ turns: [...before(turns, asked.id), question], busy: true });
    await this.post({ threadId, text: '', attachments: [], retryOf: asked.id }, question, turns);
  }

  drop(turnId: string): void {
    this.set({ turns: this.store.getState().turns.filter((turn) => turn.id !== turnId) });
  }

  async stop(): Promise<void> {
    await this.port.stop(this.store.getState().threadId);
  }

  close(): void {
    this.closed = true;
    this.leave?.();
    this.leave = null;
  }

  private async post(
    request: SendRequest,
    question: Question,
    turnsBefore: readonly Turn[],
  ): Promise<boolean> {
    try {
      await this.hooks.beforeSend?.();
      const sent = await this.port.send(request);
      if (this.closed) return true;
      const said = { ...question, id: sent.messageId, executionId: sent.executionId, state: 'sent' as const };
      this.replace(question.id, said);
      this.set({ threadId: sent.threadId });
      this.follow(sent.executionId, false);
      return true;
    } catch (error) {
      const problem = readProblem(error).message;
      const replaced = request.editOf !== undefined || request.retryOf !== undefined;
      // What was to be replaced is still there on the server.
      if (replaced) this.set({ turns: [...turnsBefore], busy: false });
      else {
        this.replace(question.id, { ...question, state: 'refused', problem });
        this.set({ busy: false });
      }
      if (replaced) throw error;
      return false;
    }
  }

  private follow(executionId: string, resumed: boolean): void {
    this.leave?.();
    this.set({ busy: true });
    this.live.setState(answerOf(executionId), true);
    if (!resumed) this.hooks.onRun?.(executionId);
    const gather = paced<AnswerMessage>((messages) => {
      const known = this.live.getState();
      if (known?.executionId !== executionId) return;
      const answer = afterMessages(known, messages);
      this.live.setState(answer, true);
      if (!isOver(known) && isOver(answer)) void this.finish(answer);
    });
    this.leave = this.port.follow({ executionId, resumed, onMessage: gather });
  }

  /** The run is over: from now on what the server keeps of it counts. */
  private async finish(answer: Answer): Promise<void> {
    this.leave?.();
    this.leave = null;
    this.answers.set(answer.executionId, answer);
    const kept = await this.kept(answer.executionId);
    if (this.closed) return;
    const streamed = passagesOf(answer).map((one) => one.text);
    const reply = kept ?? replyFrom(answer, answer.error === null ? streamed : [...streamed, answer.error]);
    const { turns, announced } = this.store.getState();
    this.set({
      turns: [...turns, reply],
      busy: false,
      announced: { id: announced.id + 1, text: spokenOf(reply) },
    });
    this.live.setState(null, true);
  }

  /** What the history has of a run; null when it has nothing, or cannot be read. */
  private async kept(executionId: string): Promise<Reply | null> {
    try {
      const page = await this.page(null);
      const turns = turnsOf(page.messages, this.answers);
      const found = turns.findLast((turn) => turn.kind === 'reply' && turn.executionId === executionId);
      return found?.kind === 'reply' ? found : null;
    } catch {
      return null;
    }
  }

  private page(beforeId: string | null): Promise<MessagePage> {
    return this.port.load({ threadId: this.store.getState().threadId, beforeId });
  }

  private replace(id: string, turn: Turn): void {
    const { turns } = this.store.getState();
    // It may have come from the server meanwhile under its name there.
    this.set({ turns: turns.flatMap((one) => (one.id === id ? [turn] : one.id === turn.id ? [] : [one])) });
  }

  private set(change: Partial<ConversationState>): void {
    this.store.setState(change);
  }
}

const isNew = (one: Question['attachments'][number]): one is Attachment => 'data' in one;

function spokenOf({ texts, errorCode }: Reply): string {
  const text = spokenText(texts.join('\n'));
  if (errorCode === 'cancelled') return 'The answer was stopped.';
  return errorCode === null ? `Answer: ${text}` : `There is no answer. ${text}`;
}

function before(turns: readonly Turn[], id: string): Turn[] {
  const at = turns.findIndex((turn) => turn.id === id);
  return at < 0 ? [...turns] : turns.slice(0, at);
}
