import { useEffect, useMemo, useState } from 'react';
import { subscribe } from '#client/live.ts';
import { readProblem } from '#client/problem.ts';
import { api } from '#client/trpc.ts';
import type { InputOf } from '#contract/contract.ts';
import type { GraphNode } from '#domain/graph/graph.ts';
import { problemsOnPath, validateGraph } from '#domain/graph/validate.ts';
import { toast } from '#ui/toast.tsx';
import type { EditorParts } from '../editor-context.ts';
import type { Autosave } from '../save/autosave.ts';
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
}

/** Starting and stopping runs from the canvas; saves first, because the server runs what it has. */
export function useRunControl(parts: EditorParts, session: RunSession, save: Autosave): RunControl {
  const [starting, setStarting] = useState(false);
  useForeignRuns(parts, session);
  return useMemo(() => {
    const { document, definitionOf, layout, selection, slug } = parts;
    const triggers = (): GraphNode[] =>
      document.store.getState().graph.nodes.filter((node) => definitionOf(node.type)?.trigger);

    const refused = (trigger: string): boolean => {
      const { graph } = document.store.getState();
      const faults = problemsOnPath(validateGraph(graph, definitionOf), graph, trigger);
      if (faults.length === 0) return false;
      layout.setState({ dock: 'problems' });
      const [first] = faults;
      toast.error(
        faults.length === 1
          ? 'One problem keeps this from running'
          : `${faults.length} problems keep this from running`,
        {
          description: first?.message ?? '',
        },
      );
      return true;
    };

    const begin = async (trigger: string, payload: Payload): Promise<void> => {
      if (refused(trigger)) return;
      setStarting(true);
      try {
        const saved = await save.flush();
        if (saved !== 'saved') {
          toast.error('Not started: the workflow is not saved yet', {
            description: 'The run would use the last saved version.',
          });
          return;
        }
        const run = await api.workflows.execute.mutate({
          workflow_slug: slug,
          trigger_node_id: trigger,
          payload,
        });
        session.follow(run.execution_id);
        layout.setState(({ dock }) => ({ dock: dock ?? 'run' }));
      } catch (error) {
        const problem = readProblem(error);
        toast.error('The run could not be started', {
          description: problem.complaints.slice(0, 3).join('\n') || problem.message,
        });
      } finally {
        setStarting(false);
      }
    };

    const startWith = (trigger: string, payload: Payload): void => void begin(trigger, payload);
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
    return { starting, start, startWith, askInput: () => layout.setState({ runForm: true }), stop, triggers };
  }, [parts, session, save, starting]);
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
