import type { RunEvent, RunEvents, RunRoot } from '#domain/run/event.ts';
import type { Engine } from '#server/engine/interface.ts';
import type { LiveBus } from '#server/live/live-bus.ts';
import { type LivePiece, runTopic, workflowTopic } from '#server/live/live-piece.ts';
import { channelOfRun, childFrame, deltaFrame, runFrame } from './message.ts';
import type { Tail } from './tail.ts';

/** A client's interest in one workflow. */
export interface WorkflowListener {
  readonly channel: string;
  readonly slug: string;
  /** Null until the client's right to it has been checked. */
  readonly workflowId: number | null;
  /** The environment the client is held to; null for administrators, who see every one. */
  readonly environmentId: number | null;
  send(frame: Buffer): void;
  /** What is not important enough to be kept for a slow client. */
  sendDelta(frame: Buffer): void;
  /** The workflow is gone, or no longer has this slug. */
  drop(): void;
  /** Events may have been missed: the client should fetch again. */
  again(): void;
}

/** Who listens to what, in this process. Listens to the engine only while somebody listens here. */
export class Hub {
  readonly #engine: Engine;
  readonly #live: LiveBus | null;
  readonly #runs = new Map<string, Set<Tail>>();
  readonly #workflows = new Map<number, Set<WorkflowListener>>();
  readonly #slugs = new Map<string, Set<WorkflowListener>>();
  #leave: (() => void) | null = null;

  constructor(engine: Engine, live: LiveBus | null = null) {
    this.#engine = engine;
    this.#live = live;
  }

  /** @returns the way out. */
  addTail(executionId: string, tail: Tail): () => void {
    const leave = this.#add(this.#runs, executionId, tail);
    const channel = channelOfRun(executionId);
    const stop = this.#live?.read(runTopic(executionId), (piece) => tail.onDelta(deltaFrame(channel, piece)));
    return () => {
      stop?.();
      leave();
    };
  }

  /** By slug, from before the check on, so that a deletion in between is not missed. @returns the way out. */
  addSlug(listener: WorkflowListener): () => void {
    return this.#add(this.#slugs, listener.slug, listener);
  }

  /** By id, once the check has passed. @returns the way out. */
  addWorkflow(workflowId: number, listener: WorkflowListener): () => void {
    const leave = this.#add(this.#workflows, workflowId, listener);
    const tell = (piece: LivePiece): void => listener.sendDelta(deltaFrame(listener.channel, piece));
    const stop = this.#live?.read(workflowTopic(workflowId), tell);
    return () => {
      stop?.();
      leave();
    };
  }

  /** What is being written in a run, for a client that has just come. */
  showUnfinishedRun(executionId: string, tail: Tail): void {
    const channel = channelOfRun(executionId);
    for (const piece of this.#live?.unfinished(runTopic(executionId)) ?? []) {
      tail.onDelta(deltaFrame(channel, piece));
    }
  }

  showUnfinished(workflowId: number, listener: WorkflowListener): void {
    for (const piece of this.#live?.unfinished(workflowTopic(workflowId)) ?? []) {
      listener.sendDelta(deltaFrame(listener.channel, piece));
    }
  }

  /** Everybody whose right to a workflow has been checked. */
  confirmed(): WorkflowListener[] {
    return [...this.#workflows.values()].flatMap((listeners) => [...listeners]);
  }

  /** One message on `workflow:<slug>`, as it was published. */
  onWorkflowMessage(text: string): void {
    const { type, channel, data } = JSON.parse(text) as {
      type: string;
      channel: string;
      data: { slug?: string };
    };
    const slug = channel.slice('workflow:'.length);
    const listeners = this.#slugs.get(slug);
    if (!listeners) return;
    const frame = Buffer.from(text);
    const hasGone = type === 'workflow_deleted' || (type === 'workflow_updated' && data.slug !== slug);
    for (const listener of listeners) {
      if (listener.workflowId !== null) listener.send(frame);
      if (hasGone) listener.drop();
    }
  }

  #add<K, L>(map: Map<K, Set<L>>, key: K, listener: L): () => void {
    this.#leave ??= this.#engine.subscribe((batch) => this.#onBatch(batch));
    const listeners = map.get(key) ?? new Set();
    map.set(key, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && map.get(key) === listeners) map.delete(key);
      if (this.#runs.size + this.#workflows.size + this.#slugs.size > 0) return;
      this.#leave?.();
      this.#leave = null;
    };
  }

  #onBatch({ executionId, workflowId, root, events }: RunEvents): void {
    if (root) this.#tellRoot(root, executionId, events);
    for (const tail of this.#runs.get(executionId) ?? []) tail.onEvents(events);
    const listeners = this.#workflows.get(workflowId);
    if (!listeners) return;
    const byChannel = new Map<string, Buffer[]>();
    for (const listener of listeners) {
      const { channel } = listener;
      const frames = byChannel.get(channel) ?? events.map((event) => runFrame(channel, executionId, event));
      byChannel.set(channel, frames);
      for (const frame of frames) listener.send(frame);
    }
  }

  /** Who follows a run sees what the runs do that it waits for. */
  #tellRoot(root: RunRoot, executionId: string, events: readonly RunEvent[]): void {
    const tails = this.#runs.get(root.executionId);
    const listeners = root.workflowId === null ? undefined : this.#workflows.get(root.workflowId);
    if (!tails && !listeners) return;
    for (const event of events) {
      if (event.type !== 'node_status') continue;
      if (tails) {
        const frame = childFrame(channelOfRun(root.executionId), executionId, root, event);
        for (const tail of tails) tail.onDelta(frame);
      }
      for (const listener of listeners ?? []) {
        listener.sendDelta(childFrame(listener.channel, executionId, root, event));
      }
    }
  }
}
