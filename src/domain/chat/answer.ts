import { NO_ANSWER } from './failure-sentence.ts';

/** Longer answers are cut: nobody reads them in a chat, and the run has all of it. */
const MAX_ANSWER = 200_000;

/**
 * What a run that completed says to whoever asked: the `{ output }` or `{ message }` it gave back, else what its last
 * nodes gave.
 */
export function answerOf(output: unknown): string {
  const text = textIn(output).trim();
  return text === '' ? NO_ANSWER : text.slice(0, MAX_ANSWER).toWellFormed();
}

function textIn(output: unknown): string {
  if (!isObject(output)) return shown(output);
  if ('output' in output) return shown(output['output']);
  if ('message' in output) return shown(output['message']);
  if (!isObject(output['node_outputs'])) return shown(output);
  return Object.values(output['node_outputs']).map(textOfNode).filter(Boolean).join('\n\n');
}

/** The port that is called like an answer, else the only one. */
function textOfNode(outputs: unknown): string {
  if (!isObject(outputs)) return shown(outputs);
  for (const port of ['output', 'text', 'result']) if (port in outputs) return shown(outputs[port]);
  const values = Object.values(outputs);
  return shown(values.length === 1 ? values[0] : outputs);
}

function shown(value: unknown): string {
  if (typeof value === 'string') return value.replaceAll('\u0000', '');
  return value === null || value === undefined ? '' : JSON.stringify(value, null, 2);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
