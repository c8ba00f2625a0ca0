import { randomBytes } from 'node:crypto';
import type { Contract } from '#contract/contract.ts';
import type { GraphCommand } from '#domain/graph/command.ts';
import { DEFAULT_SETTINGS, type GraphNode } from '#domain/graph/graph.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import { AppError } from '#domain/problem.ts';
import { type HandlersOf, type RequestContext, signedIn } from '../handler.ts';
import { changeStored } from './graph-change.ts';
import type { GraphOptions } from './graph-handlers.ts';
import { commandsFor, rename } from './node-change.ts';
import { applicableConfig, mergedConfig, nodeFace } from './node-face.ts';
import { loadGraph, type NodeApiFields, type NodeRow, nodeOf, type Store, type StoredGraph } from './row.ts';
import { scheduleJobs } from './schedule-job.ts';
import { findWorkflow, lockWorkflow } from './store.ts';

type Nodes = Omit<HandlersOf<Contract['nodes']>, 'startSchedule' | 'pauseSchedule' | 'stopSchedule'>;
type Create = Parameters<Nodes['create']>[1];
type Update = Parameters<Nodes['update']>[1];

/** The reference API's nodes: another face of the same commands the editor sends. */
export function nodeHandlers(options: GraphOptions): Nodes {
  return {
    list: async (context, { workflow_slug }) => {
      const workflow = await findWorkflow(options.db, signedIn(context), workflow_slug);
      const jobs = await scheduleJobs(options.db, workflow.id);
      const stored = await loadGraph(options.db, workflow.id);
      return stored.nodes.map(nodeFace(stored, jobs, options.definitionOf));
    },
    create: (context, input) => create(options, context, input),
    update: (context, input) => update(options, context, input),
    remove: async (context, { workflow_slug, node }) => {
      const viewer = signedIn(context);
      const id = await options.db.transaction().execute(async (trx) => {
        const workflow = await lockWorkflow(trx, viewer, workflow_slug);
        const stored = await loadGraph(trx, workflow.id);
        findNode(stored, node);
        const change = {
          commands: [{ kind: 'remove_node' as const, id: node }],
          actorId: viewer.userId,
          stored,
        };
        await changeStored(trx, workflow, change, options.definitionOf);
        return workflow.id;
      });
      options.notice.changed(id);
    },
  };
}

async function create({ db, notice, definitionOf }: GraphOptions, context: RequestContext, input: Create) {
  const viewer = signedIn(context);
  refuseUnknownType(input.component_type, definitionOf);
  const result = await db.transaction().execute(async (trx) => {
    const workflow = await lockWorkflow(trx, viewer, input.workflow_slug);
    refuseCodeBlock(input.code_block_id);
    await refuseForeignLink(trx, workflow.environment_id, input.subworkflow_id);
    const stored = await loadGraph(trx, workflow.id);
    const taken = new Set(stored.nodes.map((row) => row.node_id));
    const id = input.node_id ?? freeNodeId(input.component_type, taken);
    if (taken.has(id)) throw new AppError('conflict', `Node with id '${id}' already exists.`);
    const node = newNode(id, input, definitionOf);
    const commands = [{ kind: 'add_node', node } as GraphCommand];
    const extras = { nodes: new Map([[id, apiFieldsOf(input.component_type, {}, input)]]) };
    const change = { commands, extras, actorId: viewer.userId, stored };
    const changed = await changeStored(trx, workflow, change, definitionOf);
    return { workflowId: workflow.id, row: changed.created[0], changed };
  });
  notice.changed(result.workflowId);
  return nodeFace(result.changed, new Map(), definitionOf)(result.row as NodeRow);
}

function newNode(id: string, input: Create, definitionOf: DefinitionOf): GraphNode {
  return {
    id,
    type: input.component_type,
    label: input.label ?? null,
    x: input.position_x ?? 0,
    y: input.position_y ?? 0,
    config: mergedConfig(definitionOf(input.component_type), {}, input.config),
    settings: input.settings ?? DEFAULT_SETTINGS,
  };
}

async function update({ db, notice, definitionOf }: GraphOptions, context: RequestContext, input: Update) {
  const viewer = signedIn(context);
  if (input.component_type !== undefined) refuseUnknownType(input.component_type, definitionOf);
  const result = await db.transaction().execute(async (trx) => {
    const workflow = await lockWorkflow(trx, viewer, input.workflow_slug);
    refuseCodeBlock(input.code_block_id);
    await refuseForeignLink(trx, workflow.environment_id, input.subworkflow_id);
    const stored = await loadGraph(trx, workflow.id);
    const row = findNode(stored, input.node);
    const after = changedNode(row, input, definitionOf);
    const extras = { nodes: new Map([[after.id, apiFieldsOf(after.type, row.api_fields, input)]]) };
    const change = { extras, actorId: viewer.userId };
    const changed =
      after.id === row.node_id
        ? await changeStored(
            trx,
            workflow,
            { ...change, stored, commands: commandsFor(stored.graph, row, after) },
            definitionOf,
          )
        : await rename(trx, { workflow, stored, row, after, change }, definitionOf);
    const changedRow = changed.updated.find((one) => one.node_id === after.id);
    return { workflowId: workflow.id, row: changedRow, changed };
  });
  notice.changed(result.workflowId);
  const jobs = await scheduleJobs(db, result.workflowId);
  return nodeFace(result.changed, jobs, definitionOf)(result.row as NodeRow);
}

function changedNode(row: NodeRow, input: Update, definitionOf: DefinitionOf): GraphNode {
  const before = nodeOf(row);
  const type = input.component_type ?? before.type;
  return {
    id: input.node_id ?? before.id,
    type,
    label: input.label === undefined ? before.label : input.label,
    x: input.position_x ?? before.x,
    y: input.position_y ?? before.y,
    config: mergedConfig(definitionOf(type), before.config, input.config),
    settings: input.settings ?? before.settings,
  };
}

function findNode(stored: StoredGraph, id: string): NodeRow {
  const row = stored.nodes.find((one) => one.node_id === id);
  if (!row) throw new AppError('not_found', 'Node not found.');
  return row;
}

/** `config` is merged key by key; what does not apply to the type is dropped. */
function apiFieldsOf(
  type: string,
  before: NodeApiFields,
  input: { readonly [K in keyof Create]?: Create[K] | undefined },
): NodeApiFields {
  const given = {
    ...(input.is_entry_point !== undefined && { is_entry_point: input.is_entry_point }),
    ...(input.interrupt_before !== undefined && { interrupt_before: input.interrupt_before }),
    ...(input.interrupt_after !== undefined && { interrupt_after: input.interrupt_after }),
    ...(input.subworkflow_id !== undefined && { subworkflow_id: input.subworkflow_id }),
    ...(input.code_block_id !== undefined && { code_block_id: input.code_block_id }),
  };
  const fixed = type === 'human_confirmation' ? { interrupt_before: true } : {};
  return {
    ...before,
    ...given,
    ...fixed,
    config: applicableConfig(type, { ...before.config, ...input.config }),
  };
}

function freeNodeId(type: string, taken: ReadonlySet<string>): string {
  for (let bytes = 4; ; bytes = 8) {
    const id = `${type.slice(0, 40)}_${randomBytes(bytes).toString('hex')}`;
    if (!taken.has(id)) return id;
  }
}

function refuseUnknownType(type: string, definitionOf: DefinitionOf): void {
  if (definitionOf(type)) return;
  const msg = `There is no node type '${type}'.`;
  throw new AppError('invalid', [{ type: 'enum', loc: ['body', 'component_type'], msg, input: type }]);
}

/** @throws AppError `invalid` for a sub-workflow of another environment. */
async function refuseForeignLink(
  db: Store,
  environmentId: number,
  id: number | null | undefined,
): Promise<void> {
  if (id === null || id === undefined) return;
  const found = await db
    .selectFrom('workflows')
    .select('id')
    .where('id', '=', id)
    .where('environment_id', '=', environmentId)
    .executeTakeFirst();
  if (found) return;
  const msg = 'There is no such workflow.';
  throw new AppError('invalid', [{ type: 'value_error', loc: ['body', 'subworkflow_id'], msg, input: id }]);
}

/** @throws AppError `invalid` for every id: code lives in the nodes, there are no blocks of it. */
function refuseCodeBlock(id: number | null | undefined): void {
  if (id === null || id === undefined) return;
  const msg = 'There is no such code block.';
  throw new AppError('invalid', [{ type: 'value_error', loc: ['body', 'code_block_id'], msg, input: id }]);
}
