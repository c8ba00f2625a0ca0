import type { OutputOf } from '#contract/contract.ts';
import { DEFAULT_SETTINGS } from '#domain/graph/graph.ts';
import { type Caller, until } from '#server/http/test-server.ts';

export interface Step {
  readonly id: string;
  readonly type: string;
  readonly config?: Readonly<Record<string, unknown>>;
  /** The output and input port by which the next step is reached; `output` and `input` if absent. */
  readonly out?: string;
  readonly in?: string;
  readonly onError?: 'fail' | 'continue' | 'route';
}

type Run = OutputOf<'executions', 'get'>;

/** Draws a manual trigger and the steps one after the other. @returns the workflow's slug */
export async function draw(who: Caller, name: string, steps: readonly Step[]): Promise<string> {
  const { slug } = await who.ok<{ slug: string }>('workflows.create', {
    name,
    slug: name.toLowerCase().replaceAll(' ', '-'),
  });
  await redraw(who, slug, steps);
  return slug;
}

export async function redraw(who: Caller, workflow_slug: string, steps: readonly Step[]): Promise<void> {
  const all = [{ id: 'start', type: 'trigger_manual', out: 'payload' }, ...steps];
  const commands = [
    ...all.map((step, index) => ({ kind: 'add_node', node: nodeOf(step, index) })),
    ...all.slice(1).map((step, index) => ({ kind: 'add_edge', edge: edgeOf(all[index], step, index) })),
  ];
  await who.ok('workflows.changeGraph', { workflow_slug, base_revision: 0, commands });
}

const nodeOf = ({ id, type, config = {}, onError = 'fail' }: Step, index: number) => ({
  id,
  type,
  label: null,
  x: 200 * index,
  y: 0,
  config,
  settings: { ...DEFAULT_SETTINGS, onError },
});

const edgeOf = (from: Step | undefined, to: Step, index: number) => ({
  id: index + 1,
  source: from?.id ?? '',
  sourcePort: from?.out ?? 'output',
  target: to.id,
  targetPort: to.in ?? 'input',
  priority: 0,
});

/** Runs a workflow to its end. */
export async function runOf(who: Caller, workflow_slug: string, payload: unknown = {}): Promise<Run> {
  const { execution_id } = await who.ok<{ execution_id: string }>('workflows.execute', {
    workflow_slug,
    payload,
  });
  return until(async () => {
    const run = await who.ok<Run>('executions.get', { execution_id });
    return ['completed', 'failed', 'cancelled'].includes(run.status) ? run : null;
  });
}

export const logOf = (run: Run, node: string) => run.logs.find((log) => log.node_id === node);
