import type { RawData, WebSocket } from 'ws';
import type { Db } from '#server/db/connection.ts';
import type { Engine } from '#server/engine/interface.ts';
import { seesEverything, type Viewer } from '#server/features/handler.ts';
import { maySeeEpic, parseChannel, type RunState, runFor, workflowFor } from './channel.ts';
import type { EpicHub } from './epic-hub.ts';
import { EpicSubscription } from './epic-subscription.ts';
import { Gate } from './gate.ts';
import type { Hub } from './hub.ts';
import { CLOSE, type SocketLimits } from './limit.ts';
import { type ClientMessage, channelOfRun, frameOf, readClientMessage } from './message.ts';
import { Outbox } from './outbox.ts';
import { Rate } from './rate.ts';
import { Tail } from './tail.ts';
import { WorkflowSubscription } from './workflow-subscription.ts';

/** What every connection of this process shares. */
export interface Shared {
  readonly db: Db;
  readonly engine: Engine;
  readonly hub: Hub;
  readonly epics: EpicHub;
  readonly gate: Gate;
  readonly limits: SocketLimits;
  /** Resolves once changes to workflows are heard of. */
  readonly isListening: Promise<void>;
}

interface Subscription {
  close(): void;
}

const TERMINAL = new Set(['execution_completed', 'execution_failed', 'execution_cancelled']);
const OVER = new Set(['completed', 'failed', 'cancelled']);

/** One signed-in client. */
export class Connection {
  readonly viewer: Viewer;
  readonly #socket: WebSocket;
  readonly #shared: Shared;
  readonly #outbox: Outbox;
  readonly #rate: Rate;
  readonly #turns = new Gate(1);
  readonly #subscriptions = new Map<string, Subscription>();
  /** Messages are acted on one after the other. */
  #work: Promise<void> = Promise.resolve();
  #badFrames = 0;
  #pingedAt: number | null = null;
  #isOver = false;

  constructor(shared: Shared, viewer: Viewer, socket: WebSocket) {
    this.viewer = viewer;
    this.#shared = shared;
    this.#socket = socket;
    const { limits } = shared;
    const onSlow = (): void => this.close(CLOSE.later, 'Too slow; resume by sequence number');
    this.#outbox = new Outbox({ socket, limits, onSlow });
    this.#rate = new Rate(limits.messagesPerSecond, limits.messagesPerSecond + limits.messageBurst);
    socket.on('message', (data, isBinary) => this.#onFrame(data, isBinary));
    socket.on('close', () => this.#end());
  }

  /** Ends the connection; nothing more is sent on it but the reason. */
  close(code: number, reason: string): void {
    if (this.#isOver) return;
    this.#end();
    this.#socket.close(code, reason);
  }

  /** Called by the clock, with `performance.now()`. */
  tick(now: number): void {
    const { tickMs, pingAfterMs, pongWithinMs } = this.#shared.limits;
    this.#outbox.checkStalled(now);
    if (this.#isOver || this.#outbox.isHeld) return;
    if (this.#pingedAt !== null) {
      if (now - this.#pingedAt >= pongWithinMs) this.close(CLOSE.silent, 'No pong');
      return;
    }
    // The next look comes a tick later, which would be too late.
    if (now - this.#outbox.lastSentAt < pingAfterMs - tickMs) return;
    this.#pingedAt = now;
    this.#say({ type: 'ping' });
  }

  /** Sends where the run stands, then its events, and closes after the last one. `afterSeq` null: from now on. */
  follow(executionId: string, state: RunState, afterSeq: number | null): void {
    const channel = channelOfRun(executionId);
    const isOver = OVER.has(state.status);
    this.#say({
      type: 'execution_state',
      channel,
      execution_id: executionId,
      seq: state.lastSeq,
      timestamp: Date.now() / 1000,
      data: { execution_id: executionId, workflow_slug: state.slug, status: state.status },
    });
    const tail = this.#tail(executionId, true);
    // Of a run that is over, at least its last event is sent, which is what the client is waiting for.
    tail.begin(afterSeq ?? (isOver ? state.lastSeq - 1 : state.lastSeq), state.lastSeq);
    this.#shared.hub.showUnfinishedRun(executionId, tail);
    if (isOver && (state.lastSeq === 0 || (afterSeq ?? 0) >= state.lastSeq)) this.close(CLOSE.done, 'Done');
  }

  #say(message: object): void {
    this.#outbox.send(frameOf(message));
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const subscription of this.#subscriptions.values()) subscription.close();
    this.#subscriptions.clear();
    this.#outbox.close();
  }

  #onFrame(data: RawData, isBinary: boolean): void {
    if (this.#isOver) return;
    if (!this.#rate.take()) {
      this.close(CLOSE.refused, 'Too many messages');
      return;
    }
    const message = isBinary ? null : readClientMessage(data.toString());
    if (!message) {
      this.#badFrames += 1;
      if (this.#badFrames > this.#shared.limits.maxBadFrames)
        this.close(CLOSE.refused, 'Too many bad messages');
      return;
    }
    if (message.type === 'pong') this.#pingedAt = null;
    else if (message.type === 'ping') this.#say({ type: 'pong' });
    else this.#enqueue(message);
  }

  #enqueue(message: Exclude<ClientMessage, { type: 'ping' | 'pong' }>): void {
    this.#work = this.#work
      .then(async () => {
        if (this.#isOver) return;
        if (message.type === 'unsubscribe') this.#unsubscribe(message.channel);
        else await this.#subscribe(message.channel, message.afterSeq);
      })
      // The database cannot be asked: the client comes back by itself.
      .catch(() => this.close(CLOSE.later, 'Try again later'));
  }

  #unsubscribe(channel: string): void {
    this.#remove(channel);
    this.#say({ type: 'unsubscribed', channel });
  }

  #remove(channel: string): void {
    this.#subscriptions.get(channel)?.close();
    this.#subscriptions.delete(channel);
  }

  async #subscribe(name: string, afterSeq: number | null): Promise<void> {
    const known = this.#subscriptions.get(name);
    if (known) {
      this.#say({ type: 'subscribed', channel: name });
      if (known instanceof Tail) {
        if (afterSeq !== null) known.restart(afterSeq);
        const channel = parseChannel(name);
        // Whoever asks again has somebody new behind it, who knows nothing of what is being written.
        if (channel?.kind === 'execution') this.#shared.hub.showUnfinishedRun(channel.executionId, known);
      }
      return;
    }
    if (this.#subscriptions.size >= this.#shared.limits.maxSubscriptions) {
      this.#refuse(name, 'too_many');
      return;
    }
    const channel = parseChannel(name);
    if (!channel) this.#refuse(name, 'forbidden');
    else if (channel.kind === 'execution') await this.#subscribeRun(channel.executionId, afterSeq);
    else if (channel.kind === 'epic') await this.#subscribeEpic(name, channel.epicId);
    else await this.#subscribeWorkflow(name, channel.slug);
  }

  #refuse(channel: string, code: string): void {
    this.#remove(channel);
    this.#say({ type: 'error', channel, code });
  }

  async #subscribeRun(executionId: string, afterSeq: number | null): Promise<void> {
    const channel = channelOfRun(executionId);
    // Listening starts before the look at the run, so nothing falls between the two.
    const tail = this.#tail(executionId, false);
    const state = await this.#shared.gate.run(() => runFor(this.#shared.db, this.viewer, executionId));
    if (this.#isOver) return;
    if (!state) {
      this.#refuse(channel, 'forbidden');
      return;
    }
    this.#say({ type: 'subscribed', channel });
    tail.begin(afterSeq ?? state.lastSeq, state.lastSeq);
    this.#shared.hub.showUnfinishedRun(executionId, tail);
  }

  #tail(executionId: string, endsWithRun: boolean): Tail {
    const { engine, gate, hub } = this.#shared;
    const tail = new Tail({
      executionId,
      outbox: this.#outbox,
      turns: this.#turns,
      read: (after, limit) => gate.run(() => engine.readEvents(executionId, after, limit)),
      onFailed: () => this.close(CLOSE.later, 'Try again later'),
      onLeave: () => leave(),
      onSent: ({ type }) => {
        if (endsWithRun && TERMINAL.has(type)) this.close(CLOSE.done, 'Done');
      },
    });
    const leave = hub.addTail(executionId, tail);
    this.#subscriptions.set(channelOfRun(executionId), tail);
    return tail;
  }

  async #subscribeEpic(channel: string, epicId: string): Promise<void> {
    const { db, epics, gate, isListening } = this.#shared;
    const subscription = new EpicSubscription({
      hub: epics,
      epicId,
      send: (frame) => this.#outbox.send(frame),
      onAgain: () => this.#say({ type: 'subscribed', channel }),
      onDrop: () => this.#unsubscribe(channel),
    });
    this.#subscriptions.set(channel, subscription);
    await isListening;
    const isVisible = await gate.run(() => maySeeEpic(db, this.viewer, epicId));
    if (this.#isOver) return;
    if (isVisible && subscription.confirm()) this.#say({ type: 'subscribed', channel });
    else this.#refuse(channel, 'forbidden');
  }

  async #subscribeWorkflow(channel: string, slug: string): Promise<void> {
    const { db, gate, hub, isListening } = this.#shared;
    const subscription = new WorkflowSubscription({
      hub,
      channel,
      slug,
      environmentId: seesEverything(this.viewer) ? null : this.viewer.environmentId,
      send: (frame) => this.#outbox.send(frame),
      isHeld: () => this.#outbox.isHeld,
      onAgain: () => this.#say({ type: 'subscribed', channel }),
      onDrop: () => this.#unsubscribe(channel),
    });
    this.#subscriptions.set(channel, subscription);
    await isListening;
    const id = await gate.run(() => workflowFor(db, this.viewer, slug));
    if (this.#isOver) return;
    if (id === null || !subscription.confirm(id)) {
      this.#refuse(channel, 'forbidden');
      return;
    }
    this.#say({ type: 'subscribed', channel });
    hub.showUnfinished(id, subscription);
  }
}
