import { type AnyExecutor, type Outcome, StepError, type StepInput } from '#domain/node/executor.ts';
import type { StepEnd } from '#domain/run/execute-step.ts';
import { behave, type SimConfig, type SimStep } from './node-type.ts';
import type { Member, Surroundings } from './surroundings.ts';

type Input = Omit<StepInput, 'config'> & { readonly config: SimConfig };

const TYPES = ['pass', 'think', 'call', 'hang', 'choose', 'wait', 'ask', 'child', 'collect', 'loop'] as const;

/** What a process runs its steps with. */
export function simExecutors(world: Surroundings, process: Member): Record<string, AnyExecutor> {
  const table = TYPES.map((type) => [
    type,
    (input: Input) => {
      const step = stepOf(type, input, process.clock.now());
      world.watch.begins(process, step);
      return run(world, process, { step, signal: input.signal });
    },
  ]);
  return Object.fromEntries(table) as Record<string, AnyExecutor>;
}

function stepOf(type: string, input: Input, now: number): SimStep {
  const { idempotencyKey: key, attempt, resumed, config } = input;
  const [runId = '', node = '', ...scope] = key.split(':');
  return { runId, key, node, scope: scope.join(':'), attempt, resumed, type, config, now };
}

interface Running {
  readonly step: SimStep;
  readonly signal: AbortSignal;
}

function run(world: Surroundings, process: Member, running: Running): Outcome | Promise<Outcome> {
  const { step } = running;
  switch (step.type) {
    case 'think':
      return later(world, process, running, () => outcome(behave(step)));
    case 'call':
      return later(world, process, running, () => effect(world, process, running));
    case 'hang':
      return later(world, process, running, () => new Promise(() => undefined));
    case 'ask':
    case 'child':
      if (step.resumed) return outcome(behave(step));
      return later(world, process, running, () => prepare(world, process, step));
    default:
      if (step.type === 'loop') world.reach('loop', process);
      return outcome(behave(step));
  }
}

function outcome(end: StepEnd): Outcome {
  if (end.kind === 'failed') throw new StepError(end.code, end.message, { permanent: end.permanent });
  return end;
}

/** After the time the step takes, unless it is stopped before. */
function later(
  { schedule }: Surroundings,
  process: Member,
  { step, signal }: Running,
  work: () => Outcome | Promise<Outcome>,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const cancel = schedule.after(process, step.config.ms ?? 1, `${step.type} goes on`, () => {
      try {
        resolve(work());
      } catch (error) {
        reject(error);
      }
    });
    const stop = (): void => {
      cancel();
      reject(new StepError('aborted', 'It was stopped.'));
    };
    signal.addEventListener('abort', stop, { once: true });
  });
}

/** A call of the outside: it is seen there, and its answer may or may not come back. */
function effect(world: Surroundings, process: Member, { step }: Running): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    world.reach('effect', process);
    if (process.isDead) return;
    world.watch.effect(process, step);
    world.reach('effect done', process);
    world.schedule.after(process, world.latency(), 'call is answered', () => {
      world.reach('effect answered', process);
      if (process.isDead) return;
      try {
        resolve(outcome(behave(step)));
      } catch (error) {
        reject(error);
      }
    });
  });
}

/** Asks the outside for what the step will wait for. It may answer before the step is suspended. */
async function prepare(world: Surroundings, process: Member, step: SimStep): Promise<Outcome> {
  world.watch.effect(process, step);
  if (step.type === 'child') await world.outside.startChild(process, step);
  else world.outside.answerLater(step);
  return outcome(behave(step));
}
