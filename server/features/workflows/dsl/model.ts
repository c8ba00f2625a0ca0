import type { Viewer } from '../../handler.ts';
import type { Store } from '../row.ts';
import { isMapping, type Mapping, type Step } from './parse.ts';

/**
 * What is wrong with how the models are named, if anything. A check has no agent that asks, so nothing can be
 * inherited.
 */
export async function modelProblems(
  db: Store,
  viewer: Viewer,
  { model, steps }: { readonly model: Mapping; readonly steps: readonly Step[] },
): Promise<string[]> {
  const inSteps = everyStep(steps)
    .map((step) => step.fields['model'])
    .filter(isMapping);
  const wanted = [model, ...inSteps].filter((one) => Object.keys(one).length > 0);
  if (wanted.length === 0) return [];
  const known = await db
    .selectFrom('credentials')
    .select('id')
    .where('type', '=', 'llm')
    .where('environment_id', '=', viewer.environmentId)
    .execute();
  const ids = new Set(known.map(({ id }) => id));
  return [...new Set(wanted.flatMap((one) => problemOf(one, ids) ?? []))];
}

const everyStep = (steps: readonly Step[]): Step[] =>
  steps.flatMap((step) => [step, ...everyStep(step.body)]);

function problemOf(model: Mapping, credentials: ReadonlySet<number>): string | null {
  if (model['inherit'] === true) return 'Cannot inherit a model: no agent asks for this workflow.';
  if (model['discover'] === true) {
    return credentials.size === 0 ? 'No LLM credentials available for model discovery' : null;
  }
  if ('capability' in model) {
    const wanted = String(model['capability']).slice(0, 100);
    return credentials.size === 0 ? `No LLM credential found for capability '${wanted}'` : null;
  }
  if (!('credential_id' in model)) return null;
  const id = model['credential_id'];
  return typeof id === 'number' && credentials.has(id) ? null : 'There is no such LLM credential.';
}
