import { type Awaited, type ChildRequest, StepError } from '#domain/node/executor.ts';
import { sourceOf } from '#domain/node/signal-source.ts';
import type { Db } from '#server/db/connection.ts';
import { EngineError, type StartRequest, type StepPlace } from '#server/engine/interface.ts';
import {
  activeTriggers,
  type RunStartOptions,
  type RunTarget,
  runnable,
  TARGET_COLUMNS,
  type TargetTrigger,
} from '#server/run-start/run-target.ts';
import { chainOf } from './ancestry.ts';

/** Workflows may call each other, and themselves, this deep and no deeper. */
const DEEPEST = 10;
const MOST_OF_ONE = 3;
/** In place of a slug: the workflow that calls. */
const SELF = 'self';

export type StartChild = (
  place: StepPlace,
  request: ChildRequest,
) => Promise<Awaited & { executionId: string }>;

const refused = (code: string, message: string): StepError =>
  new StepError(code, message, { permanent: true });

/**
 * Starts runs of other workflows for steps that wait for them. The same step asking again gets the same run.
 * Rejects with StepError `workflow_not_found`, `workflow_inactive`, `no_trigger`, `invalid_workflow` and
 * `workflow_cycle` (all permanent), and `unavailable`.
 */
export function createChildRuns(options: RunStartOptions): StartChild {
  const { db } = options;
  return async (place, request) => {
    const source = sourceOf(
      'run',
      place.call === '' ? String(request.index) : `${place.call}:${request.index}`,
    );
    const key = `child:${place.idempotencyKey}:${request.index}`;
    const target = await findTarget(db, place, request.workflow);
    const earlier = await findChild(db, target.id, key);
    if (earlier !== null) return { source, executionId: earlier };
    const chain = (await chainOf(db, place.executionId)).map((one) => one.slug);
    refuseCircle(chain, target.slug, place.depth);
    if (!target.is_active) {
      const message = `The workflow “${target.slug}” is switched off. Switch it on, or choose another one.`;
      throw refused('workflow_inactive', message);
    }
    const triggers = await activeTriggers(options, target.id);
    const trigger = chooseTrigger(triggers, { request, slug: target.slug, caller: chain.at(-1) ?? '' });
    const run = await runnable(options, target, trigger);
    if ('problems' in run) {
      const message = `The workflow “${target.slug}” cannot run: ${run.problems.slice(0, 3).join(' ')}`;
      throw refused('invalid_workflow', message);
    }
    const executionId = await start(options, {
      ...run,
      triggerKind: 'workflow',
      payload: request.payload ?? {},
      startedBy: await starterOf(db, place.executionId),
      idempotencyKey: key,
      parent: {
        executionId: place.executionId,
        node: place.node,
        scope: place.scope,
        source,
        rootId: place.rootId,
        ...(place.rootWorkflowId !== undefined && { rootWorkflowId: place.rootWorkflowId }),
        depth: place.depth + 1,
      },
    });
    return { source, executionId };
  };
}

async function findTarget(db: Db, place: StepPlace, slug: string): Promise<RunTarget> {
  const row = await db
    .selectFrom('workflows')
    .select(TARGET_COLUMNS)
    .where('environment_id', '=', place.environmentId)
    .where((eb) => (slug === SELF ? eb('id', '=', place.workflowId) : eb('slug', '=', slug)))
    .executeTakeFirst();
  if (row) return row;
  throw refused(
    'workflow_not_found',
    `There is no workflow “${slug}” here. Check the slug in the node's form.`,
  );
}

async function findChild(db: Db, workflowId: number, key: string): Promise<string | null> {
  const row = await db
    .selectFrom('executions')
    .select('id')
    .where('workflow_id', '=', workflowId)
    .where('idempotency_key', '=', key)
    .executeTakeFirst();
  return row?.id ?? null;
}

function refuseCircle(chain: readonly string[], slug: string, depth: number): void {
  const shown = [...chain, slug].join(' → ');
  const wayOut = 'Put a Switch before the call, so that it ends.';
  if (chain.filter((one) => one === slug).length > MOST_OF_ONE) {
    throw refused('workflow_cycle', `These workflows call each other in a circle: ${shown}. ${wayOut}`);
  }
  if (depth + 1 <= DEEPEST) return;
  const message = `Workflows may call each other ${DEEPEST} deep, and this is one more: ${shown}. ${wayOut}`;
  throw refused('workflow_cycle', message);
}

interface Choice {
  readonly request: ChildRequest;
  readonly slug: string;
  /** The slug of the workflow that calls. */
  readonly caller: string;
}

function chooseTrigger(triggers: readonly TargetTrigger[], { request, slug, caller }: Choice): string {
  const { trigger } = request;
  if (trigger !== null) {
    if (triggers.some((one) => one.nodeId === trigger)) return trigger;
    throw refused('no_trigger', `“${slug}” has no trigger “${trigger}” that is switched on. Check its id.`);
  }
  const called = triggers.find((one) => one.kind === 'workflow' && takes(one, caller));
  const chosen = called ?? triggers.find((one) => one.kind === 'manual');
  if (chosen) return chosen.nodeId;
  const message = `“${slug}” cannot be called: give it a Workflow trigger that takes calls of “${caller}”.`;
  throw refused('no_trigger', message);
}

const takes = ({ config }: TargetTrigger, caller: string): boolean =>
  [undefined, '', caller].includes(config['source_workflow'] as string | undefined);

async function starterOf(db: Db, executionId: string): Promise<number | null> {
  const row = await db
    .selectFrom('executions')
    .select('started_by')
    .where('id', '=', executionId)
    .executeTakeFirst();
  return row?.started_by ?? null;
}

async function start({ db, engine }: RunStartOptions, request: StartRequest): Promise<string> {
  try {
    return (await engine().start(request)).executionId;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    // An earlier attempt handed over something else, such as another time of day: its run is the one.
    const earlier =
      error.code === 'conflict'
        ? await findChild(db, request.workflowId, request.idempotencyKey ?? '')
        : null;
    if (earlier !== null) return earlier;
    throw new StepError('unavailable', error.message);
  }
}
