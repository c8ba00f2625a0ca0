import type { Viewer } from '../../handler.ts';
import type { Store } from '../row.ts';
import { type Account, best, candidatesFor } from './model-candidate.ts';
import { type Mapping, readModel, type Step } from './parse.ts';
import { MODEL_STEPS } from './step-type.ts';

/** The config of an `ai_model` node for each step that works with one, by the step's id. */
export type ChosenModels = ReadonlyMap<string, Mapping>;

/** What the agent that asks for a workflow works with; null: nobody asks, or it has none. */
export type ParentModel = Mapping | null;

export interface ModelLook {
  readonly db: Store;
  readonly viewer: Viewer;
  readonly parentModel: ParentModel;
}

/** Chooses the models that steps name, or that the document names for all of them. */
export async function chooseModels(
  look: ModelLook,
  { model, steps }: { readonly model: Mapping; readonly steps: readonly Step[] },
): Promise<{ readonly models: ChosenModels; readonly problems: readonly string[] }> {
  const models = new Map<string, Mapping>();
  const problems = new Set<string>();
  const choose = chooser(look);
  const whole = await choose(model).catch(refusalIn(problems));
  for (const { id, type, fields } of steps) {
    if (!MODEL_STEPS.has(type)) continue;
    try {
      const own = readModel(fields['model'], `'${id}'.model`);
      const chosen = Object.keys(own).length === 0 ? whole : await choose(own);
      if (chosen) models.set(id, chosen);
      // Its problem is told already; the step is drawn with the model it lacks.
      else if (Object.keys(model).length > 0) models.set(id, {});
    } catch (error) {
      refusalIn(problems)(error);
      models.set(id, {});
    }
  }
  return { models, problems: [...problems] };
}

/** A model that cannot be had, in words. */
export class ModelProblem extends Error {}

function refusalIn(problems: Set<string>): (error: unknown) => null {
  return (error) => {
    if (!(error instanceof Error)) throw error;
    if (!(error instanceof ModelProblem) && !error.message.includes('mapping')) throw error;
    problems.add(error.message);
    return null;
  };
}

/**
 * Turns a model of the step language into the config of a node; null for an empty one. Accounts are read once.
 * @throws ModelProblem when it cannot be had
 */
export function chooser({ db, viewer, parentModel }: ModelLook): (model: Mapping) => Promise<Mapping | null> {
  let accounts: Promise<readonly Account[]> | null = null;
  const all = (): Promise<readonly Account[]> => (accounts ??= accountsOf(db, viewer));
  return async (model) => {
    if (Object.keys(model).length === 0) return null;
    const { inherit, discover, capability, preference, credential_id, credential, ...rest } = model;
    if (inherit === true) {
      if (!parentModel) throw new ModelProblem('Cannot inherit a model: no agent asks for this workflow.');
      return { ...parentModel, ...rest };
    }
    const known = await all();
    if (discover === true)
      return { ...discovered(known, preference, await candidatesFor(db, known)), ...rest };
    if (capability !== undefined) {
      return { ...capable(known, String(capability), await candidatesFor(db, known)), ...rest };
    }
    const wanted = credential_id ?? credential ?? model['llm_credential_id'];
    if (wanted === undefined || wanted === null) return named(known, rest);
    const found = known.find(({ id, name }) => id === wanted || name === wanted);
    if (!found) throw new ModelProblem('There is no such LLM credential.');
    return { ...rest, llm_credential_id: found.id };
  };
}

async function accountsOf(db: Store, viewer: Viewer): Promise<readonly Account[]> {
  const rows = await db
    .selectFrom('credentials')
    .select(['id', 'name', 'public_detail'])
    .where('type', '=', 'llm')
    .where('environment_id', '=', viewer.environmentId)
    .orderBy('id')
    .execute();
  return rows.map(({ id, name, public_detail }) => {
    const detail = public_detail as { readonly provider_type?: unknown } | null;
    return { id, name, provider: String(detail?.provider_type ?? 'openai_compatible') };
  });
}

type Candidates = Awaited<ReturnType<typeof candidatesFor>>;

function discovered(accounts: readonly Account[], preference: unknown, candidates: Candidates): Mapping {
  if (accounts.length === 0) throw new ModelProblem('No LLM credentials available for model discovery');
  const found = best(candidates, preference);
  if (found) return { llm_credential_id: found.accountId, model_name: found.model };
  const hint = 'Name one with credential_id and model_name.';
  throw new ModelProblem(`No model of the LLM credentials is known. ${hint}`);
}

/** Part of a provider's name: its best model. Else a model's name: the first account that has it, or any. */
function capable(accounts: readonly Account[], capability: string, candidates: Candidates): Mapping {
  const wanted = capability.slice(0, 100);
  const lower = wanted.toLowerCase();
  const has = (text: string): boolean => text.toLowerCase().includes(lower);
  const account = accounts.find(({ provider, name }) => has(provider) || has(name));
  const own =
    account &&
    best(
      candidates.filter((one) => one.accountId === account.id),
      'most_capable',
    );
  if (own) return { llm_credential_id: own.accountId, model_name: own.model };
  const exact =
    candidates.find((one) => one.model.toLowerCase() === lower) ?? candidates.find((one) => has(one.model));
  if (exact) return { llm_credential_id: exact.accountId, model_name: exact.model };
  const [first] = accounts;
  if (!first) throw new ModelProblem(`No LLM credential found for capability '${wanted}'`);
  return { llm_credential_id: first.id, model_name: wanted };
}

/** A model's name alone: the first account. */
function named(accounts: readonly Account[], rest: Mapping): Mapping {
  const [first] = accounts;
  if (!first) throw new ModelProblem('There is no LLM credential. Store one first.');
  return { ...rest, llm_credential_id: first.id };
}
