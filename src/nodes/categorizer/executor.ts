import { askChoice } from '#domain/choice/ask-choice.ts';
import { type Executor, StepError } from '#domain/node/executor.ts';
import type { definition } from './definition.ts';

const SHOWN = 200;

export const execute: Executor<typeof definition> = async (input, capabilities) => {
  const { categories, fallback, system_prompt: instructions } = input.config;
  if (categories.length === 0) {
    throw new StepError('config_invalid', 'There are no categories. Add what a message may be.', {
      permanent: true,
    });
  }
  const arrived = input.inputs.messages;
  const question = { arrived, choices: categories, instructions, noun: 'category' };
  const { name, raw } = await askChoice(input, question, capabilities);
  const category = name ?? fallback;
  if (category === '')
    throw undecided(
      raw,
      categories.map((one) => one.name),
    );
  return { kind: 'done', outputs: { [category]: arrived, category, raw } };
};

function undecided(raw: string, names: readonly string[]): StepError {
  const message =
    `The model named none of the categories (${names.join(', ')}), or several: “${raw.slice(0, SHOWN)}”. Describe ` +
    'them better, or say what to take when none is named.';
  return new StepError('no_category', message, { permanent: true });
}
