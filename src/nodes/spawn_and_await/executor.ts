import type { z } from 'zod';
import { childFailure, childOutput, type EndedChild } from '#domain/node/ended-child.ts';
import {
  type Capabilities,
  type Done,
  type Executor,
  type Outcome,
  type Resumed,
  StepError,
  type StepInput,
} from '#domain/node/executor.ts';
import { readJsonField } from '#domain/node/json-field.ts';
import { type definition, MOST_TASKS, task } from './definition.ts';

type Input = StepInput<typeof definition>;
type Task = z.output<typeof task>;

/** What was started, in the order of the tasks: where its end is signalled, or why it could not be started. */
interface Started {
  readonly workflow: string;
  readonly source: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

export const execute: Executor<typeof definition> = (input, capabilities) =>
  input.resumed ? gathered(input, input.resumed) : start(input, capabilities);

async function start(input: Input, { startRun }: Capabilities): Promise<Outcome> {
  const tasks = tasksOf(input.inputs.tasks ?? readJsonField(input.config.tasks, 'Tasks'));
  const started: Started[] = [];
  const runs: string[] = [];
  for (const [index, { workflow_slug: workflow, input_text, input_data }] of tasks.entries()) {
    const payload = { ...(input_text != null && { text: input_text }), ...input_data };
    try {
      const child = await startRun({ workflow, trigger: null, payload, index });
      runs.push(child.executionId);
      started.push({ workflow, source: child.source, error: null });
    } catch (error) {
      // What could pass is worth another attempt of the whole step; the children of this one are found again.
      if (!(error instanceof StepError && error.permanent) || input.config.on_error === 'fail') throw error;
      started.push({ workflow, source: null, error: { code: error.code, message: error.message } });
    }
  }
  const sources = started.flatMap(({ source }) => source ?? []);
  if (sources.length === 0) return resultsOf(started, {}, input);
  return { kind: 'suspend', sources, until: null, kept: started, shown: { execution_ids: runs } };
}

const gathered = (input: Input, { kept, signals }: Resumed): Done =>
  resultsOf(kept as readonly Started[], signals, input);

function resultsOf(
  started: readonly Started[],
  signals: Readonly<Record<string, unknown>>,
  input: Input,
): Done {
  const results = started.map(({ workflow, source, error }) => {
    if (source === null) return { error };
    const ended = signals[source] as EndedChild | undefined;
    if (input.config.on_error === 'collect' && ended && ended.status !== 'completed') {
      return { error: childFailure(workflow, ended) };
    }
    return childOutput(workflow, ended);
  });
  return { kind: 'done', outputs: { results } };
}

function tasksOf(value: unknown): Task[] {
  if (!Array.isArray(value)) throw bad('they are no list');
  if (value.length > MOST_TASKS) throw bad(`there are ${value.length}, and ${MOST_TASKS} are the most`);
  return value.map((one, index) => {
    const read = task.safeParse(one);
    if (read.success) return read.data;
    const [issue] = read.error.issues;
    throw bad(`number ${index + 1} is wrong at ${issue?.path.join('.') || 'its top'}: ${issue?.message}`);
  });
}

function bad(why: string): StepError {
  const message = `The tasks cannot be used: ${why}. Give a list of { workflow_slug, input_text, input_data }.`;
  return new StepError('bad_tasks', message, { permanent: true });
}
