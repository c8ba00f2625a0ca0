import { createStore, type StoreApi } from 'zustand/vanilla';
import { applyCommands, CommandError, type GraphCommand } from '#domain/graph/command.ts';
import type { Graph } from '#domain/graph/graph.ts';
import { compacted } from '../document/compact.ts';
import type { EditedDocument } from '../document/document-store.ts';
import { beginsWith, type Rebased, rebase, replay } from '../document/rebase.ts';
import { type Draft, type DraftBox, storeDraft } from './draft-storage.ts';

export type SaveStatus = 'saved' | 'saving' | 'dirty' | 'offline' | 'conflict' | 'refused';

export interface SaveState {
  readonly status: SaveStatus;
  readonly revision: number;
  /** Commands the server does not have yet. */
  readonly queued: number;
  /** Keys both sides changed, while `status` is `conflict`. */
  readonly conflicts: readonly string[];
  /** Why the server refuses the change, while `status` is `refused`. */
  readonly refusal: string | null;
}

export interface SaveAnswer {
  readonly revision: number;
  readonly nextEdgeId: number;
  readonly webhooks: Readonly<Record<string, string>>;
}

/** How saving ended: accepted, out of date (with what was missed), nobody there, or refused for a reason. */
export type SaveResult =
  | { readonly kind: 'saved'; readonly answer: SaveAnswer }
  | { readonly kind: 'stale'; readonly revision: number; readonly missed: readonly GraphCommand[] | null }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'refused'; readonly message: string };

export interface ServerGraph extends SaveAnswer {
  readonly graph: Graph;
}

/** The server as autosave needs it. */
export interface SavePort {
  readonly save: (baseRevision: number, commands: readonly GraphCommand[]) => Promise<SaveResult>;
  /** Rejects when the server cannot be reached. */
  readonly load: () => Promise<ServerGraph>;
}

export interface AutosaveOptions {
  readonly slug: string;
  readonly document: EditedDocument;
  readonly port: SavePort;
  readonly start: ServerGraph;
  readonly drafts: DraftBox;
  /** Commands left over from an earlier visit, based on `draft.revision`. */
  readonly draft: Draft | null;
}

export interface Autosave {
  readonly store: StoreApi<SaveState>;
  /** Saves at once; resolves when nothing is left to save or saving is not possible now. */
  readonly flush: () => Promise<SaveStatus>;
  readonly resolveConflict: (choice: 'mine' | 'theirs') => void;
  /** Takes what the server has, dropping commands it refuses. */
  readonly discard: () => Promise<void>;
  /** Another session has saved `revision`; fetches it when nothing here is in its way. */
  readonly heardOf: (revision: number) => void;
  /** Sends what is left over from an earlier visit and follows the document from now on. @returns what ends it. */
  readonly start: () => () => void;
}

const BATCH_MS = 800;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 15_000;

/**
 * Sends the document's commands to the server in batches and keeps both in step. Invariant: what the person sees
 * is always `saved` + `sent` + `queue`; nothing leaves `queue` before the server has confirmed it.
 */
export function createAutosave(options: AutosaveOptions): Autosave {
  const { slug, document, port, drafts } = options;
  let saved = options.start.graph;
  let revision = options.start.revision;
  let sent: readonly GraphCommand[] = [];
  let queue: readonly GraphCommand[] = [];
  let pending: Promise<void> | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let waiting: { rebased: Rebased; revision: number } | null = null;
  let announced = revision;

  const store = createStore<SaveState>(() => ({
    status: 'saved',
    revision,
    queued: 0,
    conflicts: [],
    refusal: null,
  }));

  const show = (status: SaveStatus, more: Partial<SaveState> = {}): void => {
    const unsaved = [...sent, ...queue];
    storeDraft(drafts, slug, { revision, commands: unsaved });
    store.setState({ status, revision, queued: unsaved.length, conflicts: [], refusal: null, ...more });
  };

  const schedule = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void save(), ms);
  };

  const heard = (commands: readonly GraphCommand[]): void => {
    queue = compacted([...queue, ...commands]);
    const { status } = store.getState();
    if (status === 'conflict' || status === 'offline') show(status, store.getState());
    else {
      show(status === 'saving' ? 'saving' : 'dirty');
      // The first change starts the clock; later ones do not push it back, so long typing is saved as it goes.
      if (status !== 'dirty' && !pending) schedule(BATCH_MS);
    }
  };

  const save = (): Promise<void> => {
    clearTimeout(timer);
    if (pending) return pending;
    if (queue.length === 0 || waiting) return Promise.resolve();
    sent = queue.slice(0, 5000);
    queue = queue.slice(sent.length);
    show('saving');
    pending = port
      .save(revision, sent)
      .then(settle)
      .finally(() => {
        pending = null;
        const { status } = store.getState();
        if (status === 'dirty') schedule(failures > 0 ? FIRST_PAUSE_MS : BATCH_MS / 4);
        if (announced > revision) heardOf(announced);
      });
    return pending;
  };

  const settle = async (result: SaveResult): Promise<void> => {
    switch (result.kind) {
      case 'saved':
        failures = 0;
        accept(result.answer);
        return;
      case 'stale':
        await catchUp(result);
        return;
      case 'unreachable':
        retreat();
        schedule(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures++));
        show('offline');
        return;
      case 'refused':
        retreat();
        show('refused', { refusal: result.message });
    }
  };

  const retreat = (): void => {
    queue = compacted([...sent, ...queue]);
    sent = [];
  };

  const accept = (answer: SaveAnswer): void => {
    saved = applied(saved, sent);
    sent = [];
    revision = answer.revision;
    announced = Math.max(announced, revision);
    document.store.setState((state) => ({
      webhooks: answer.webhooks,
      nextEdgeId: Math.max(state.nextEdgeId, answer.nextEdgeId),
    }));
    show(queue.length > 0 ? 'dirty' : 'saved');
  };

  const catchUp = async (stale: {
    revision: number;
    missed: readonly GraphCommand[] | null;
  }): Promise<void> => {
    const answered = stale.missed !== null && beginsWith(stale.missed, sent);
    const mine = answered ? queue : [...sent, ...queue];
    const base = answered ? applied(saved, sent) : saved;
    const missed = stale.missed?.slice(answered ? sent.length : 0) ?? null;
    const rebased = (missed && mergedWith(base, missed, mine)) ?? (await reloaded(mine));
    sent = [];
    if (!rebased) {
      queue = mine;
      show('offline');
      schedule(FIRST_PAUSE_MS);
      return;
    }
    if (rebased.conflicts.length > 0) {
      queue = mine;
      waiting = { rebased, revision: stale.revision };
      show('conflict', { conflicts: rebased.conflicts });
      return;
    }
    adopt(rebased, stale.revision, true);
  };

  /** Without the missed commands the server's whole graph is fetched and one's own commands are put on top. */
  const reloaded = async (mine: readonly GraphCommand[]): Promise<Rebased | null> => {
    try {
      const server = await port.load();
      const { graph, commands } = replay(server.graph, mine, () => undefined);
      return { saved: server.graph, graph, pending: commands, conflicts: [] };
    } catch {
      return null;
    }
  };

  const adopt = (rebased: Rebased, newRevision: number, keepHistory: boolean): void => {
    waiting = null;
    saved = rebased.saved;
    revision = newRevision;
    announced = Math.max(announced, revision);
    queue = rebased.pending;
    document.replace(rebased.graph, { keepHistory });
    show(queue.length > 0 ? 'dirty' : 'saved');
    if (queue.length > 0) schedule(0);
  };

  const resolveConflict = (choice: 'mine' | 'theirs'): void => {
    if (!waiting) return;
    const { rebased, revision: theirs } = waiting;
    if (choice === 'theirs') adopt({ ...rebased, graph: rebased.saved, pending: [] }, theirs, false);
    else {
      // What was changed here while the question was open counts as well.
      const again = rebase(saved, [], queue);
      const mine = replay(rebased.saved, again.pending, (id) => saved.nodes.find((node) => node.id === id));
      adopt({ ...rebased, graph: mine.graph, pending: mine.commands }, theirs, true);
    }
  };

  const discard = async (): Promise<void> => {
    const server = await port.load();
    sent = [];
    document.store.setState({ webhooks: server.webhooks });
    adopt({ saved: server.graph, graph: server.graph, pending: [], conflicts: [] }, server.revision, false);
  };

  const heardOf = (other: number): void => {
    announced = Math.max(announced, other);
    if (pending || queue.length > 0 || waiting || announced <= revision) return;
    pending = port
      .load()
      .then((server) => {
        const mine = replay(server.graph, queue, (id) => saved.nodes.find((node) => node.id === id));
        document.store.setState({ webhooks: server.webhooks });
        adopt(
          { saved: server.graph, graph: mine.graph, pending: mine.commands, conflicts: [] },
          server.revision,
          true,
        );
      })
      .catch(() => undefined)
      .finally(() => {
        pending = null;
      });
  };

  let resumed = false;
  const resume = (): void => {
    if (!options.draft || resumed) return;
    resumed = true;
    const { graph, commands } = replay(saved, options.draft.commands, () => undefined);
    queue = commands;
    document.replace(graph, { keepHistory: false });
    show('dirty');
    schedule(0);
  };

  return {
    store,
    flush: async () => {
      if (pending) await pending;
      await save();
      return store.getState().status;
    },
    resolveConflict,
    discard,
    heardOf,
    start: () => {
      const stopListening = document.onCommands(heard);
      resume();
      if (queue.length > 0) schedule(0);
      return () => {
        stopListening();
        clearTimeout(timer);
        // What is not sent now is in the drafts and is sent on the next visit.
        void save();
      };
    },
  };
}

/** The graph with commands the server has confirmed; it knows them to fit. */
function applied(graph: Graph, commands: readonly GraphCommand[]): Graph {
  try {
    return applyCommands(graph, commands);
  } catch (error) {
    if (error instanceof CommandError) return graph;
    throw error;
  }
}

function mergedWith(
  base: Graph,
  missed: readonly GraphCommand[],
  mine: readonly GraphCommand[],
): Rebased | null {
  try {
    return rebase(base, missed, mine);
  } catch (error) {
    // The missed commands do not fit what we hold: fall back on the whole graph.
    if (error instanceof CommandError) return null;
    throw error;
  }
}
