import { z } from 'zod';
import { credentialField } from '../credential/reference.ts';
import type { FieldHint } from '../node/definition.ts';
import { StepError } from '../node/executor.ts';
import type { Part, Parts } from '../node/part.ts';
import type { ModelChoice } from './model.ts';
import { settingFault } from './setting-fault.ts';

/** A number between bounds that may be left to the provider. */
function dial(face: { min: number; max: number; title: string; describe: string } & FieldHint) {
  const { min, max, title, describe, ...hint } = face;
  return z
    .number()
    .min(min)
    .max(max)
    .nullish()
    .describe(describe)
    .meta({ title, field: { group: 'advanced', ...hint } });
}

function whole(face: { min: number; max: number; title: string; describe: string } & FieldHint) {
  const { min, max, title, describe, ...hint } = face;
  return z
    .int()
    .min(min)
    .max(max)
    .nullish()
    .describe(describe)
    .meta({ title, field: { group: 'advanced', ...hint } });
}

const fallback = z.object({
  llm_credential_id: credentialField({
    title: 'Model account',
    use: 'llm',
    group: 'required',
    describe: 'The account of the provider.',
  }),
  model_name: z
    .string()
    .min(1)
    .max(200)
    .describe('As the provider calls it.')
    .meta({ title: 'Model', field: { control: 'model', group: 'required' } }),
});

/** Which model answers and how, as the config of a node says it. Fields that are empty are left to the provider. */
export const modelConfig = z.object({
  llm_credential_id: credentialField({
    title: 'Model account',
    use: 'llm',
    group: 'required',
    describe: 'The account of the provider that is asked.',
  }),
  model_name: z
    .string()
    .max(200)
    .default('')
    .describe('As the provider calls it.')
    .meta({ title: 'Model', field: { control: 'model', group: 'required' } }),
  temperature: dial({
    min: 0,
    max: 2,
    title: 'Temperature',
    describe: 'From 0, always the likeliest words, to 2, the most varied.',
    group: 'common',
  }),
  max_tokens: whole({
    min: 1,
    max: 10_000_000,
    title: 'Longest answer',
    describe: 'In tokens; an answer is cut there.',
    group: 'common',
  }),
  top_p: dial({
    min: 0,
    max: 1,
    title: 'Top P',
    describe: 'Only the likeliest words up to this share of probability are considered.',
  }),
  frequency_penalty: dial({
    min: -2,
    max: 2,
    title: 'Frequency penalty',
    describe: 'Makes words rarer the more often they came already.',
  }),
  presence_penalty: dial({
    min: -2,
    max: 2,
    title: 'Presence penalty',
    describe: 'Makes words that came already rarer.',
  }),
  timeout: whole({
    min: 1,
    max: 3_600,
    title: 'Longest wait',
    describe: 'Seconds until an answer has to be there as a whole.',
  }),
  // Clients of the core API write what other engines take; two are the most this one makes.
  max_retries: whole({
    min: 0,
    max: 100,
    title: 'Further tries',
    describe: 'How often the provider is asked again after an error that may pass. More than 2 count as 2.',
  }),
  response_format: z
    .record(z.string(), z.json())
    .nullish()
    .describe('As the provider documents it, such as {"type": "json_object"}.')
    .meta({ title: 'Form of the answer', field: { control: 'json', group: 'advanced' } }),
  use_native_search: z
    .boolean()
    .default(false)
    .describe(
      'The provider searches the web while an agent answers. Only with accounts of OpenAI and Anthropic, which charge for it.',
    )
    .meta({ title: 'Search the web', field: { group: 'common' } }),
  fallbacks: z
    .array(fallback)
    .max(5)
    .default([])
    .describe('Asked one after the other when the model above cannot be reached or has failed for good.')
    .meta({ title: 'Otherwise ask', field: { control: 'rows', group: 'advanced' } }),
});
export type ModelConfig = z.output<typeof modelConfig>;

/** The config fields that core API clients see beside `extra_config`. */
export const MODEL_API_FIELDS = [
  'llm_credential_id',
  'model_name',
  'temperature',
  'max_tokens',
  'frequency_penalty',
  'presence_penalty',
  'top_p',
  'timeout',
  'max_retries',
  'response_format',
] as const;

export const choiceOf = (config: ModelConfig): ModelChoice => ({
  credential: config.llm_credential_id,
  model: config.model_name,
  temperature: config.temperature ?? null,
  maxTokens: config.max_tokens ?? null,
  topP: config.top_p ?? null,
  frequencyPenalty: config.frequency_penalty ?? null,
  presencePenalty: config.presence_penalty ?? null,
  timeout: config.timeout ?? null,
  maxRetries: config.max_retries ?? null,
  responseFormat: config.response_format ?? null,
  nativeSearch: config.use_native_search,
  fallbacks: config.fallbacks.map((one) => ({ credential: one.llm_credential_id, model: one.model_name })),
});

/**
 * The model plugged into a node.
 * @throws StepError `no_model` when there is none or it names none, `bad_model` when its settings do not fit
 */
export function pluggedModel(parts: Parts): { readonly part: Part; readonly config: ModelConfig } {
  const part = parts['model']?.[0];
  if (!part) {
    const message = 'No model is plugged in. Connect a Model node to the port Model.';
    throw new StepError('no_model', message, { permanent: true });
  }
  const read = modelConfig.safeParse(part.config);
  if (read.success && read.data.model_name !== '') return { part, config: read.data };
  if (read.success) {
    const message = `“${part.title}” names no model. Choose one in its settings.`;
    throw new StepError('no_model', message, { permanent: true });
  }
  const faults = read.error.issues.slice(0, 3).map((issue) => settingFault(issue, part.config, titleOf));
  const message = `The model “${part.title}” cannot be asked with these settings. ${faults.join(' ')} Correct it in the node.`;
  throw new StepError('bad_model', message, { permanent: true });
}

/** How the form calls a field. */
function titleOf(field: string): string | null {
  const schema: z.ZodType | undefined = Object.hasOwn(modelConfig.shape, field)
    ? modelConfig.shape[field as keyof typeof modelConfig.shape]
    : undefined;
  const title = schema?.meta()?.['title'];
  return typeof title === 'string' ? title : null;
}
