import { describe, expect, test } from 'vitest';
import { MODEL, part } from '../agent/agent-fixture.ts';
import { StepError } from '../node/executor.ts';
import { choiceOf, modelConfig, pluggedModel } from './config.ts';

const plugged = (config: Record<string, unknown>) => pluggedModel({ model: [part('m', 'model', config)] });
const fault = (config: Record<string, unknown>): StepError => {
  try {
    plugged({ model_name: 'gpt', ...config });
  } catch (error) {
    if (error instanceof StepError) return error;
  }
  throw new Error('The settings were accepted.');
};

describe('settings that do not fit', () => {
  test.each([
    [{ temperature: 3 }, '“Temperature” is 3, but may be 2 at most.'],
    [{ temperature: -1 }, '“Temperature” is -1, but has to be 0 at least.'],
    [{ top_p: 1.5 }, '“Top P” is 1.5, but may be 1 at most.'],
    [{ max_tokens: 0 }, '“Longest answer” is 0, but has to be 1 at least.'],
    [{ timeout: -5 }, '“Longest wait” is -5, but has to be 1 at least.'],
    [{ max_retries: -1 }, '“Further tries” is -1, but has to be 0 at least.'],
    [{ frequency_penalty: 9 }, '“Frequency penalty” is 9, but may be 2 at most.'],
    [{ presence_penalty: -9 }, '“Presence penalty” is -9, but has to be -2 at least.'],
    [{ temperature: 'hot' }, '“Temperature” is "hot", but does not fit: '],
  ])('%j end the step with a sentence', (config, words) => {
    expect(fault(config)).toMatchObject({ code: 'bad_model', permanent: true });
    expect(fault(config).message).toMatch(/^The model “m” cannot be asked with these settings\. /);
    expect(fault(config).message).toContain(words);
  });

  test('are named all, the first three of them', () => {
    const { message } = fault({ temperature: 3, top_p: 3, timeout: -1, max_tokens: -1 });
    expect(message.match(/, but /g)).toHaveLength(3);
  });
});

test('as many further tries as other engines take are accepted', () => {
  expect(choiceOf(plugged({ model_name: 'gpt', max_retries: 5 }).config).maxRetries).toBe(5);
});

test('settings that are left out are left to the provider', () => {
  expect(pluggedModel(MODEL).config).toEqual(
    modelConfig.parse({ llm_credential_id: 1, model_name: 'scripted' }),
  );
});
