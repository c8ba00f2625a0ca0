import type { Message } from '../chat/message.ts';
import type { Capabilities, StepInput } from '../node/executor.ts';
import { choiceOf, pluggedModel } from './config.ts';
import type { ModelAnswer, ModelRequest } from './model.ts';

interface Question {
  /** Unique within the step. */
  readonly key: string;
  readonly messages: readonly Message[];
  readonly schema?: ModelRequest['schema'];
}

/**
 * One answer of the model plugged into a step, recorded, so that it is asked for and paid once whatever happens.
 * @throws StepError `no_model`, `bad_model`, and what the model rejects with
 */
export function askOnce(
  { parts, capabilities }: Pick<StepInput, 'parts'> & { readonly capabilities: Capabilities },
  { key, messages, schema }: Question,
): Promise<ModelAnswer> {
  const { config } = pluggedModel(parts);
  const call = { key, kind: 'model' as const, title: config.model_name, request: { messages } };
  return capabilities.once(call, () =>
    // Only agents search.
    capabilities.model({
      choice: { ...choiceOf(config), nativeSearch: false },
      messages,
      ...(schema && { schema }),
    }),
  );
}
