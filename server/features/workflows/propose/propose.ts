import type { Contract } from '#contract/contract.ts';
import type { GraphCommand } from '#domain/graph/command.ts';
import type { Graph } from '#domain/graph/graph.ts';
import { addUsage, type ModelAnswer, type ModelDelta, NO_USAGE, type Usage } from '#domain/model/model.ts';
import type { AnyDefinition, DefinitionOf } from '#domain/node/definition.ts';
import { StepError } from '#domain/node/executor.ts';
import { AppError } from '#domain/problem.ts';
import { faultsOf } from '#domain/proposal/proposal.ts';
import type { Db } from '#server/db/connection.ts';
import type { StepPlace } from '#server/engine/interface.ts';
import type { LiveBus } from '#server/live/live-bus.ts';
import { madeOnce } from '#server/made-once.ts';
import type { AskModel } from '#server/model/model-call.ts';
import { type HandlersOf, type RequestContext, signedIn } from '../../handler.ts';
import { findWorkflow, type WorkflowRow } from '../store.ts';
import { catalogueText, graphText } from './catalogue.ts';
import { readDraft } from './draft.ts';
import { firstMessages, repairMessages } from './prompt.ts';
import { commandsOf, type Ground } from './translate.ts';

export interface ProposeOptions {
  readonly db: Db;
  readonly ask: AskModel;
  /** Shows what is being written; null where nobody can look. */
  readonly bus: LiveBus | null;
  readonly definitions: readonly AnyDefinition[];
  readonly definitionOf: DefinitionOf;
}

type Propose = HandlersOf<Contract['workflows']>['propose'];
type Input = Parameters<Propose>[1];

/** What proposals are called in lists of calls and in live messages. */
export const PROPOSAL_NODE = 'proposal';
/** The first answer and two corrections. */
const MOST_ANSWERS = 3;
const MOST_MS = 600_000;

/** Asks a model for a change of a workflow. The change is checked and handed over; nothing is saved. */
export function proposeHandler(options: ProposeOptions): Propose {
  const catalogue = madeOnce(() => catalogueText(options.definitions));
  return (context: RequestContext, input) => whileAsked(context, (signal) => propose(context, input, signal));

  async function propose(context: RequestContext, input: Input, signal: AbortSignal): ReturnType<Propose> {
    const workflow = await findWorkflow(options.db, signedIn(context), input.workflow_slug);
    await refuseRunId(options.db, input.proposal_id);
    const graph: Graph = { nodes: input.nodes, edges: input.edges };
    const place = placeOf(workflow, input, signal);
    const ground: Ground = {
      ...{ graph, nextEdgeId: input.next_edge_id, definitionOf: options.definitionOf },
      model: { llm_credential_id: input.llm_credential_id, model_name: input.model_name },
    };
    let messages = firstMessages({
      ...{ wish: input.prompt, graph: graphText(graph, options.definitionOf), catalogue: catalogue() },
    });
    let usage = NO_USAGE;
    let problems: readonly string[] = [];
    for (let turn = 1; turn <= MOST_ANSWERS; turn++) {
      const answer = await asked(options, { input, messages, place, turn });
      usage = addUsage(usage, answer.usage);
      const read = checked(answer.text, ground);
      if ('commands' in read) return { ...read, answers: turn, ...usageOut(usage) };
      problems = read.problems;
      messages = [...messages, ...repairMessages(answer.text, problems)];
    }
    throw new AppError('invalid', {
      validation_errors: ['The model proposed no change that works.', ...problems],
    });
  }
}

/** Work whose signal aborts once nobody waits for its result any more. */
async function whileAsked<T>(
  { whenGone }: RequestContext,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const gone = new AbortController();
  const stopListening = whenGone?.(() => gone.abort());
  try {
    return await work(AbortSignal.any([gone.signal, AbortSignal.timeout(MOST_MS)]));
  } finally {
    stopListening?.();
  }
}

/** What is written would be shown to whoever watches that run, and be paid from its budgets. @throws AppError `conflict` */
async function refuseRunId(db: Db, id: string): Promise<void> {
  const run = await db.selectFrom('executions').select('id').where('id', '=', id).executeTakeFirst();
  if (run) throw new AppError('conflict', 'This proposal_id is taken. Choose another one.');
}

/** The proposal in an answer, or why it cannot be made. */
function checked(
  text: string,
  ground: Ground,
): { summary: string; commands: GraphCommand[] } | { problems: string[] } {
  const read = readDraft(text);
  if ('problems' in read) return read;
  const made = commandsOf(read.draft, ground);
  if ('problems' in made) return made;
  const faults = faultsOf(ground.graph, made.commands, ground.definitionOf);
  return faults.length > 0 ? { problems: faults } : { summary: read.draft.summary, commands: made.commands };
}

interface Asking {
  readonly input: Input;
  readonly messages: ReturnType<typeof firstMessages>;
  readonly place: StepPlace;
  readonly turn: number;
}

/**
 * @throws AppError `bad_gateway` when the model cannot be asked, `forbidden` when a budget does not allow it, `invalid`
 * for a credential that is none
 */
async function asked({ ask, bus }: ProposeOptions, asking: Asking): Promise<ModelAnswer> {
  const { input, messages, place, turn } = asking;
  const show = (kind: ModelDelta['kind'] | 'end', text: string): void =>
    bus?.write({
      ...{ executionId: place.executionId, workflowId: place.workflowId, node: PROPOSAL_NODE, scope: '' },
      ...{ kind, turn, text },
    });
  const choice = {
    ...{ credential: input.llm_credential_id, model: input.model_name, fallbacks: [] },
    ...{ temperature: null, maxTokens: null, topP: null, frequencyPenalty: null, presencePenalty: null },
    ...{ timeout: null, maxRetries: null, responseFormat: null },
  };
  const onDelta = (delta: ModelDelta): void => show(delta.kind, 'text' in delta ? delta.text : '');
  try {
    return await ask({ choice, messages, onDelta }, place);
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    if (['budget_exceeded', 'model_without_price'].includes(error.code))
      throw new AppError('forbidden', error.message);
    if (error.code === 'credential_denied') throw noCredential(input.llm_credential_id);
    throw new AppError('bad_gateway', error.message);
  } finally {
    show('end', '');
  }
}

function noCredential(id: number): AppError {
  const msg = 'This is no account of models that the workflow may use. Choose another one.';
  return new AppError('invalid', [
    { type: 'value_error', loc: ['body', 'llm_credential_id'], msg, input: id },
  ]);
}

/** Calls of models are made for a step; a proposal is counted for its workflow like one. */
function placeOf(workflow: WorkflowRow, { proposal_id }: Input, signal: AbortSignal): StepPlace {
  return {
    ...{ executionId: proposal_id, rootId: proposal_id, idempotencyKey: proposal_id },
    ...{ environmentId: workflow.environment_id, workflowId: workflow.id, depth: 0, token: 0 },
    ...{ node: PROPOSAL_NODE, actor: PROPOSAL_NODE, scope: '', call: '', triggerKind: 'manual' },
    signal,
  };
}

const usageOut = ({ inputTokens, outputTokens, costUsd }: Usage) => ({
  usage: { input_tokens: inputTokens, output_tokens: outputTokens, cost_usd: costUsd },
});
