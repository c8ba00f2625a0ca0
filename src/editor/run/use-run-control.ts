import { useEffect, useMemo, useState } from 'react';
import { subscribe } from '#client/live.ts';
import { readProblem } from '#client/problem.ts';
import { api } from '#client/trpc.ts';
import type { InputOf } from '#contract/contract.ts';
import type { GraphNode } from '#domain/graph/graph.ts';
import { type Problem, problemsOnPath, validateGraph } from '#domain/graph/validate.ts';
import { toast } from '#ui/toast.tsx';
import { openChat } from '../dock/open-chat.ts';
import type { EditorParts } from '../editor-context.ts';
import type { Autosave } from '../save/autosave.ts';
import { type DebugOptions, type Inputs, problemsUpTo, triggersOf } from './debug-run.ts';
import { blankPayload, lastPayload } from './payload.ts';
import type { RunSession } from './run-session.ts';
import { isOver } from './run-state.ts';

type Payload = NonNullable<InputOf<'workflows', 'execute'>['payload']>;

export interface RunControl {
  readonly starting: boolean;
  /** Runs the only (or selected) trigger with its last payload; asks when there are several. */
  readonly start: () => void;
  readonly startWith: (trigger: string, payload: Payload) => void;
  readonly askInput: () => void;
  readonly stop: () => void;
  readonly triggers: () => GraphNode[];
  /** Runs what a node needs, and it. */
  readonly runTo: (node: string) => void;
  /** Runs a node and what follows it; everything before is taken from the shown run. */
  readonly runFrom: (node: string) => void;
  /** Runs one node, with what arrived at it in the shown run; asks for its input when none is known. */
  readonly runNode: (node: string) => void;
  readonly runNodeWith: (node: string, inputs: Inputs) => void;
  /** Runs the shown run again from a node, on the version it ran with; null: from where it failed. */
  readonly retryFrom: (node: string | null, inputs?: Inputs) => void;
}

/** Starting and stopping runs from the canvas; saves first, because the server runs what it has. */
export function useRunControl(parts: EditorParts, session: RunSession, save: Autosave): RunControl {
  const [starting, setStarting] = useState(false);
  useForeignRuns(parts, session);
  return useMemo(() => {
    const launch = async (request: LaunchRequest): Promise<void> => {
      setStarting(true);
      await launchRun(parts, session, save, request);
      setStarting(false);
    };
    const retryFrom: RunControl['retryFrom'] = (node, inputs) => {
      setStarting(true);
      void retryRun(parts, session, { node, inputs }).then(() => setStarting(false));
    };
    return { starting, ...plainRuns(parts, session, launch), ...debugRuns(parts, launch), retryFrom };
  }, [parts, session, save, starting]);
}

interface LaunchRequest {
  readonly trigger: string;
  readonly payload: Payload;
  readonly debug?: DebugOptions;
}

type Launch = (request: LaunchRequest) => Promise<void>;

async function launchRun(
  { layout, document, slug }: EditorParts,
  session: RunSession,
  save: Autosave,
  { trigger, payload, debug }: LaunchRequest,
): Promise<void> {
  try {
    if ((await save.flush()) !== 'saved') {
      toast.error('Not started: the workflow is not saved yet', {
        description: 'The run would use the last saved version.',
      });
      return;
    }
    const pins = document.store.getState().graph.nodes.some((node) => node.settings.pin);
    const run = await api.workflows.execute.mutate({
      workflow_slug: slug,
      trigger_node_id: trigger,
      payload,
      ...debug,
      ...(pins && { use_pins: true }),
    });
    session.follow(run.execution_id);
    layout.setState(({ dock }) => ({ dock: dock ?? 'run', iteration: null }));
  } catch (error) {
    const problem = readProblem(error);
    toast.error('The run could not be started', {
      description: problem.complaints.slice(0, 3).join('\n') || problem.message,
    });
  }
}

interface RetryRequest {
  readonly node: string | null;
  readonly inputs: Inputs | undefined;
}

async function retryRun(
  { layout, run }: EditorParts,
  session: RunSession,
  { node, inputs }: RetryRequest,
): Promise<void> {
  const { executionId, status } = run.getState();
  if (executionId === null || !isOver(status)) {
    toast.info('There is nothing to retry', { description: 'Choose a run that has ended below the canvas.' });
    return;
  }
  try {
    const again = await api.executions.retry.mutate({
      execution_id: executionId,
      from_node_id: node,
      ...(node !== null && inputs && { inputs: { [node]: inputs } }),
    });
    session.follow(again.execution_id);
    layout.setState(({ dock }) => ({ dock: dock ?? 'run', iteration: null }));
  } catch (error) {
    toast.error('The run could not be retried', { description: readProblem(error).message });
  }
}

/** Shows what keeps a run from starting. @returns whether anything does. */
function refused({ layout }: EditorParts, faults: readonly Problem[]): boolean {
  const [first] = faults;
  if (!first) return false;
  layout.setState({ dock: 'problems' });
  const title =
    faults.length === 1
      ? 'One problem keeps this from running'
      : `${faults.length} problems keep this from running`;
  toast.error(title, { description: first.message });
  return true;
}

function plainRuns(
  parts: EditorParts,
  session: RunSession,
  launch: Launch,
): Pick<RunControl, 'start' | 'startWith' | 'askInput' | 'stop' | 'triggers'> {
  const { document, definitionOf, layout, selection, slug } = parts;
  const triggers = (): GraphNode[] =>
    document.store.getState().graph.nodes.filter((node) => definitionOf(node.type)?.trigger);

  const startWith = (trigger: string, payload: Payload): void => {
    const { graph } = document.store.getState();
    if (!refused(parts, problemsOnPath(validateGraph(graph, definitionOf), graph, trigger, definitionOf)))
      void launch({ trigger, payload });
  };
  const start = (): void => {
    const all = triggers();
    const chosen = all.find((node) => selection.getState().nodes.has(node.id)) ?? all[0];
    if (!chosen) {
      toast.error('Nothing starts this workflow yet', {
        description: 'Add a trigger from the palette and connect it.',
      });
      return;
    }
    const kind = definitionOf(chosen.type)?.trigger;
    if (kind === 'chat') {
      openChat(layout);
      return;
    }
    const last = lastPayload(slug, chosen.id);
    const unclear = all.length > 1 && !selection.getState().nodes.has(chosen.id);
    // A webhook's nodes read the request, so the first run asks what it brings.
    if (unclear || (last === null && kind === 'webhook')) layout.setState({ runForm: true });
    else startWith(chosen.id, payloadIn(last ?? blankPayload(kind)));
  };
  const stop = (): void => {
    const { executionId, status } = session.store.getState();
    if (executionId === null || isOver(status)) return;
    api.executions.cancel.mutate({ execution_id: executionId }).catch((error: unknown) => {
      toast.error('The run could not be stopped', { description: readProblem(error).message });
    });
  };
  return { start, startWith, askInput: () => layout.setState({ runForm: true }), stop, triggers };
}

function debugRuns(
  parts: EditorParts,
  launch: Launch,
): Pick<RunControl, 'runTo' | 'runFrom' | 'runNode' | 'runNodeWith'> {
  const { document, definitionOf, run, layout, slug } = parts;
  const begin = (node: string, debug: DebugOptions, faults: readonly Problem[]): void => {
    const { graph, nodes } = document.store.getState();
    const [trigger] = triggersOf(graph, node, definitionOf);
    if (trigger === undefined) {
      toast.error('No trigger leads to this node', { description: 'Connect it, or choose another node.' });
      return;
    }
    if (refused(parts, faults)) return;
    const kind = definitionOf(nodes.get(trigger)?.type ?? '')?.trigger;
    void launch({ trigger, payload: payloadIn(lastPayload(slug, trigger) ?? blankPayload(kind)), debug });
  };
  const faultsUpTo = (node: string): Problem[] => {
    const { graph } = document.store.getState();
    return problemsUpTo(validateGraph(graph, definitionOf), graph, node, definitionOf);
  };
  const reused = (): { reuse_execution_id?: string } => {
    const { executionId } = run.getState();
    return executionId === null ? {} : { reuse_execution_id: executionId };
  };
  return {
    runTo: (node) => begin(node, { until: node }, faultsUpTo(node)),
    runFrom: (node) => {
      if (run.getState().executionId === null) {
        toast.error('No earlier run is shown', {
          description: 'Run the workflow once, or choose one of the recent runs; its results are reused.',
        });
      } else begin(node, { from: node, ...reused() }, []);
    },
    runNode: (node) => {
      if (run.getState().steps[node]) begin(node, { only: node, ...reused() }, []);
      else layout.setState({ nodeForm: { node, retry: false } });
    },
    runNodeWith: (node, inputs) => begin(node, { only: node, inputs: { [node]: inputs }, ...reused() }, []),
  };
}

/** A remembered payload; what can no longer be read counts as empty. */
function payloadIn(text: string): Payload {
  try {
    return JSON.parse(text) as Payload;
  } catch {
    return {};
  }
}

const SETTLE_MS = 2000;

/** Runs that others start (a webhook, another tab) are shown as well, unless one is being watched. */
function useForeignRuns({ slug, run }: EditorParts, session: RunSession): void {
  useEffect(() => {
    let lastAt = 0;
    return subscribe(`workflow:${slug}`, {
      onMessage: (message) => {
        const id = message.execution_id;
        if (message.type !== 'execution_started' || !id) return;
        const { executionId, status } = run.getState();
        const busy = executionId !== null && !isOver(status);
        // A busy webhook would make the canvas flicker; one look every few seconds is enough.
        if (id === executionId || busy || Date.now() - lastAt < SETTLE_MS) return;
        lastAt = Date.now();
        session.follow(id);
      },
    });
  }, [slug, run, session]);
}
