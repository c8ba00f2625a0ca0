import { childOutput, type EndedChild } from '#domain/node/ended-child.ts';
import { type Executor, type Outcome, StepError, type StepInput } from '#domain/node/executor.ts';
import type { definition } from './definition.ts';
import { asPath, isReference } from './mapping.ts';

type Input = StepInput<typeof definition>;

export const execute: Executor<typeof definition> = async (input, { startRun }): Promise<Outcome> => {
  const { target_workflow: workflow, trigger_mode, trigger } = input.config;
  if (input.resumed) {
    const [ended] = Object.values(input.resumed.signals) as EndedChild[];
    return { kind: 'done', outputs: { output: childOutput(workflow, ended) } };
  }
  if (workflow === '') {
    const message = 'No workflow is chosen. Write the slug of one into the field “Workflow”.';
    throw new StepError('config_invalid', message, { permanent: true });
  }
  const { source, executionId } = await startRun({
    workflow,
    trigger: trigger_mode === 'explicit' && trigger !== '' ? trigger : null,
    payload: payloadOf(input),
    index: 0,
  });
  return { kind: 'suspend', sources: [source], until: null, shown: { execution_id: executionId, workflow } };
};

function payloadOf(input: Input): unknown {
  const entries = Object.entries(input.config.input_mapping);
  if (entries.length > 0) {
    const roots = rootsOf(input);
    return Object.fromEntries(entries.map(([key, value]) => [key, mapped(key, value, roots)]));
  }
  const value = input.inputs.payload ?? null;
  if (value === null) return {};
  if (typeof value === 'string') return { text: value };
  return typeof value === 'object' && !Array.isArray(value) ? value : { value };
}

/** Paths of one word that mean a value and not the word. */
const WHOLE: ReadonlySet<string> = new Set(['trigger', 'input', 'payload', 'loop']);

type Roots = ReadonlyMap<string, unknown>;

/** What a path may begin with; a node's id gives its outputs. */
function rootsOf({ inputs, trigger, nodes, loop }: Input): Roots {
  const payload = inputs.payload ?? null;
  return new Map<string, unknown>([
    ...Object.entries(nodes),
    ['nodes', nodes],
    ['node_outputs', nodes],
    ['trigger', trigger],
    ['inputs', inputs],
    ['input', payload],
    ['payload', payload],
    ['loop', loop],
  ]);
}

function mapped(key: string, value: unknown, roots: Roots): unknown {
  const path = typeof value === 'string' ? asPath(value) : null;
  const [root, ...rest] = path ?? [];
  if (path === null || root === undefined) return value;
  const meant = isReference(String(value));
  // A word alone that happens to be a node's id is a word.
  if (!meant && (!roots.has(root) || (rest.length === 0 && !WHOLE.has(root)))) return value;
  if (!roots.has(root)) throw missing(key, path, root);
  let at: unknown = roots.get(root);
  for (const step of rest) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) throw missing(key, path, step);
    at = (at as Record<string, unknown>)[step];
  }
  return at ?? null;
}

function missing(key: string, path: readonly string[], at: string): StepError {
  const message = `“Hand over” ${key}: there is no ${path.join('.')} here (“${at}” is missing).`;
  return new StepError('missing_value', message, { permanent: true });
}
