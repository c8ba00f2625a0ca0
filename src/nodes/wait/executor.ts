import { instantOf } from '#domain/graph/operator.ts';
import {
  type Capabilities,
  type Executor,
  type Outcome,
  StepError,
  type StepInput,
} from '#domain/node/executor.ts';
import { sendAddress } from '#domain/node/send-address.ts';
import { LONGEST_DAYS, LONGEST_MS, spanMs } from '#domain/node/time-span.ts';
import type { definition } from './definition.ts';

type Input = StepInput<typeof definition>;

export const execute: Executor<typeof definition> = (input, capabilities) => {
  const { mode, duration, unit, until } = input.config;
  if (mode === 'call') return waitForCall(input, capabilities);
  const now = capabilities.now();
  return waitUntil(input, now, mode === 'until' ? timeOf(until, now) : now + spanMs(duration, unit));
};

function waitUntil({ inputs }: Input, now: number, until: number): Outcome {
  const outputs = { output: inputs.input ?? null };
  return until <= now ? { kind: 'done', outputs } : { kind: 'wait', until, outputs };
}

async function waitForCall(input: Input, capabilities: Capabilities): Promise<Outcome> {
  const value = input.inputs.input ?? null;
  const { resumed } = input;
  if (resumed) {
    const [call] = Object.values(resumed.signals);
    return {
      kind: 'done',
      outputs: resumed.timedOut ? { timeout: value } : { output: value, call: call ?? null },
    };
  }
  const { timeout, timeout_unit, notify_url } = input.config;
  const until = timeout > 0 ? capabilities.now() + spanMs(timeout, timeout_unit) : null;
  const { source, url } = await capabilities.awaitCall({ expiresAt: until });
  if (notify_url !== '') await sendAddress(capabilities, { to: notify_url, body: { resume_url: url } });
  return { kind: 'suspend', sources: [source], until, shown: { resume_url: url } };
}

/** @throws StepError naming the field when the text is no time, or one nobody waits for. */
function timeOf(value: string | number, now: number): number {
  const time = typeof value === 'number' ? fromNumber(value) : instantOf(value);
  if (time === null) {
    const shown = String(value).slice(0, 100);
    const message = `“Until” is “${shown}”, which is no ISO time. Write it like 2030-01-31T09:00:00Z.`;
    throw new StepError('bad_time', message, { permanent: true });
  }
  if (time - now > LONGEST_MS) {
    const message = `“Until” is more than ${LONGEST_DAYS} days away. Check the year.`;
    throw new StepError('bad_time', message, { permanent: true });
  }
  return time;
}

/** Unix time in seconds, or in milliseconds where it could be nothing else. */
const fromNumber = (value: number): number => (value > 1e11 ? value : value * 1000);
