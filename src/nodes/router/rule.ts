import { valueAt } from '#domain/graph/dotted-path.ts';
import type { StepInput } from '#domain/node/executor.ts';
import { textOfValue } from '#domain/node/json-field.ts';
import type { definition } from './definition.ts';

type Input = Pick<StepInput<typeof definition>, 'inputs' | 'config' | 'trigger' | 'nodes' | 'loop'>;

/** The name of the route by the rule; empty where it leads nowhere or does not hold. */
export function routeByRule(input: Input): string {
  const expression = input.config.condition_expression.trim();
  if (expression === '') return textAt(input, input.config.condition_field);
  const at = expression.indexOf('==');
  if (at < 0) return textAt(input, expression);
  const wanted = expression
    .slice(at + 2)
    .trim()
    .replace(/^(['"])(.*)\1$/s, '$2');
  return textAt(input, expression.slice(0, at)) === wanted ? wanted : '';
}

function textAt({ inputs, trigger, nodes, loop }: Input, written: string): string {
  // `state.` is how clients of the reference system write paths.
  const path = written.trim().replace(/^state\./, '');
  const arrived = inputs.messages ?? null;
  const inside = valueAt(arrived, path);
  if (inside !== null) return textOfValue(inside);
  const scope = { ...nodes, nodes, node_outputs: nodes, trigger, loop, input: arrived, messages: arrived };
  const found = valueAt(scope, path);
  if (found !== null) return textOfValue(found);
  return typeof arrived === 'string' && !path.includes('.') ? arrived.trim() : '';
}
