import { createStore, type StoreApi } from 'zustand/vanilla';
import { type LiveMessage, subscribe } from '#client/live.ts';
import { api } from '#client/trpc.ts';
import { afterWait, joined } from './child-run.ts';
import { usesOfCalls, usesOfEvents } from './part-use.ts';
import { perFrame } from './per-frame.ts';
import { afterMessages, isOver, NO_RUN, type RunView, recordOf, viewOfStored } from './run-state.ts';
import { withUsage } from './usage.ts';

export type RunStore = StoreApi<RunView>;

export interface RunSession {
  readonly store: RunStore;
  /** Shows a run and follows it live until it ends. */
  readonly follow: (executionId: string) => void;
  /** Shows a stored run at once, then follows it when it still goes on. */
  readonly open: (executionId: string) => Promise<void>;
  readonly clear: () => void;
  readonly stop: () => void;
}

/** The live state of one run in a keyed store; messages are gathered per frame before the store changes. */
export function createRunSession(onEnd: (executionId: string) => void = () => undefined): RunSession {
  const store = createStore<RunView>(() => NO_RUN);
  const gather = perFrame<LiveMessage>((messages) => {
    const before = store.getState();
    const after = afterMessages(before, messages);
    store.setState(after, true);
    if (!isOver(before.status) && isOver(after.status) && after.executionId) {
      onEnd(after.executionId);
      stopListening();
    }
  });
  let leave: (() => void) | null = null;

  const stopListening = (): void => {
    leave?.();
    leave = null;
  };

  const refetch = async (executionId: string): Promise<void> => {
    const run = await api.executions.get.query({ execution_id: executionId });
    if (store.getState().executionId !== executionId) return;
    const view = isCut(run) ? await viewOfEvents(run) : viewOfStored(run);
    if (store.getState().executionId !== executionId) return;
    const known = store.getState();
    // What was read may be older than what was heard meanwhile; nothing runs again once it is over.
    if (isOver(known.status) && !isOver(view.status)) return;
    const steps = { ...known.steps, ...view.steps };
    const uses = Object.keys(view.uses).length > 0 ? view.uses : known.uses;
    const ledgers = { ...known.ledgers, ...view.ledgers };
    store.setState({ ...view, steps, ledgers, uses, children: joined(known.children, view.children) }, true);
    if (isOver(view.status)) {
      onEnd(executionId);
      stopListening();
      await showUses(executionId);
    }
  };

  /** Stored steps say nothing of calls and of what they cost; the recorded calls and the events do. */
  const showUses = async (executionId: string): Promise<void> => {
    const request = { execution_id: executionId, limit: MOST_CALLS };
    const { items } = await api.executions.calls.query(request);
    const isShown = (): boolean => store.getState().executionId === executionId;
    if (!isShown()) return;
    const { uses, steps } = store.getState();
    if (items.length > 0 && Object.keys(uses).length === 0) {
      store.setState({ uses: usesOfCalls(items), steps: withUsage(steps, items) });
    }
    const events = await eventsOf(executionId);
    if (!isShown()) return;
    const children = events.reduce(
      (all, { data }) => afterWait(all, String(data['node_id']), data),
      store.getState().children,
    );
    store.setState({ uses: usesOfEvents(events) ?? store.getState().uses, children });
  };

  const listen = (executionId: string): void => {
    stopListening();
    leave = subscribe(`execution:${executionId}`, {
      afterSeq: 0,
      onMessage: gather,
      onReady: (again) => {
        // The server may have lost the events this browser missed; the stored run never lies.
        if (again) void refetch(executionId).catch(() => undefined);
      },
    });
  };

  return {
    store,
    follow: (executionId) => {
      store.setState({ ...NO_RUN, executionId, status: 'pending' }, true);
      listen(executionId);
    },
    open: async (executionId) => {
      stopListening();
      store.setState({ ...NO_RUN, executionId }, true);
      await refetch(executionId);
      if (!isOver(store.getState().status)) listen(executionId);
    },
    clear: () => {
      stopListening();
      store.setState(NO_RUN, true);
    },
    stop: stopListening,
  };
}

type Stored = Awaited<ReturnType<typeof api.executions.get.query>>;

/** Whether not everything was sent: there are too many steps, or values too large to tell the ports from. */
const isCut = ({ logs, logs_truncated }: Stored): boolean =>
  logs_truncated || logs.some(({ output }) => recordOf(output)?.['$truncated'] === true);

/** The view of a run of which not everything was sent; its events tell of every step. */
async function viewOfEvents(run: Stored): Promise<RunView> {
  const stored = viewOfStored({ ...run, logs: [] });
  let view: RunView = { ...stored, status: 'running' };
  for (let after = 0; ; ) {
    const request = { execution_id: run.execution_id, after_seq: after, limit: EVENTS };
    const page = await api.executions.events.query(request);
    // Those of old runs may be gone; the steps that were sent still tell how it began.
    if (page.last_seq === 0) return viewOfStored(run);
    view = afterMessages(view, page.items);
    if (page.items.length < EVENTS) break;
    after = page.last_seq;
  }
  return {
    ...view,
    status: run.status,
    error: stored.error,
    startedAt: stored.startedAt,
    endedAt: stored.endedAt,
  };
}

const EVENTS = 1000;
const MOST_PAGES = 10;

/** What the run has said, as far as it is kept: what models and memories did, and which runs it waited for. */
async function eventsOf(execution_id: string) {
  const events = [];
  for (let after = 0, page = 1; page <= MOST_PAGES; page++) {
    const { items, last_seq } = await api.executions.events.query({
      ...{ execution_id, after_seq: after, limit: EVENTS },
    });
    events.push(...items);
    if (items.length < EVENTS) break;
    after = last_seq;
  }
  return events;
}
/** More than any card has to count. */
const MOST_CALLS = 1000;
