import { askChoice } from '#domain/choice/ask-choice.ts';
import { FALLBACK } from '#domain/choice/choice-list.ts';
import { type Capabilities, type Executor, StepError, type StepInput } from '#domain/node/executor.ts';
import type { definition } from './definition.ts';
import { routeByRule } from './rule.ts';

type Input = StepInput<typeof definition>;

export const execute: Executor<typeof definition> = async (input, capabilities) => {
  const { routes, enable_fallback } = input.config;
  const said = input.parts['model'] ? await chosen(input, capabilities) : routeByRule(input);
  const known = routes.some(({ name }) => name === said);
  const way = known ? said : enable_fallback ? FALLBACK : null;
  const route = said !== '' ? said : (way ?? '');
  return { kind: 'done', outputs: { route, ...(way !== null && { [way]: input.inputs.messages ?? null }) } };
};

async function chosen(input: Input, capabilities: Capabilities): Promise<string> {
  const { routes, enable_fallback, system_prompt: instructions } = input.config;
  if (routes.length === 0) {
    throw new StepError('config_invalid', 'There are no routes. Add the ways there are.', {
      permanent: true,
    });
  }
  const question = { arrived: input.inputs.messages, choices: routes, instructions, noun: 'route' };
  const { name, raw } = await askChoice(input, question, capabilities);
  if (name !== null) return name;
  if (enable_fallback) return '';
  const message = `The model named none of the routes, or several: “${raw.slice(0, 200)}”. Describe them better, or switch on Otherwise.`;
  throw new StepError('no_route', message, { permanent: true });
}
