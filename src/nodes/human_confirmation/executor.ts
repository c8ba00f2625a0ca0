import type { Capabilities, Done, Executor, Outcome, Resumed, StepInput } from '#domain/node/executor.ts';
import { textOfValue } from '#domain/node/json-field.ts';
import { sendAddress } from '#domain/node/send-address.ts';
import { spanMs } from '#domain/node/time-span.ts';
import { DEFAULT_PROMPT, type definition } from './definition.ts';

type Input = StepInput<typeof definition>;

const LONGEST_PROMPT = 10_000;

export const execute: Executor<typeof definition> = (input, capabilities) =>
  input.resumed ? decided(input, input.resumed) : ask(input, capabilities);

async function ask({ inputs, config }: Input, capabilities: Capabilities): Promise<Outcome> {
  const until = config.timeout > 0 ? capabilities.now() + spanMs(config.timeout, config.timeout_unit) : null;
  const prompt = (textOfValue(inputs.prompt) || config.prompt || DEFAULT_PROMPT).slice(0, LONGEST_PROMPT);
  const approvers = namesIn(config.approvers);
  const { source, links } = await capabilities.askApproval({
    prompt,
    approvers,
    needed: config.needed,
    allowSelf: config.allow_self,
    expiresAt: until,
    withLinks: config.notify_url !== '',
  });
  if (config.notify_url !== '') {
    const expires_at = until === null ? null : new Date(until).toISOString();
    await sendAddress(capabilities, { to: config.notify_url, body: { prompt, expires_at, links } });
  }
  const shown = { prompt, approvers, needed: config.needed };
  return { kind: 'suspend', sources: [source], until, human: true, shown };
}

interface Decision {
  readonly confirmed: boolean;
  readonly response: string;
  readonly decided_by: string;
}

function decided({ inputs }: Input, { timedOut, signals }: Resumed): Done {
  const [answer] = Object.values(signals) as Decision[];
  const confirmed = !timedOut && answer?.confirmed === true;
  const decision = {
    confirmed,
    user_response: (!timedOut && answer?.response) || '',
    decided_by: (!timedOut && answer?.decided_by) || '',
  };
  const way = timedOut ? 'timeout' : confirmed ? 'approved' : 'rejected';
  return {
    kind: 'done',
    outputs: { ...decision, [way]: inputs.input === undefined ? decision : inputs.input },
  };
}

/** Names from a list or from text with commas; each once. */
function namesIn(value: string | readonly string[]): string[] {
  const names = (typeof value === 'string' ? value.split(',') : value).map((name) => name.trim());
  return [...new Set(names.filter((name) => name !== ''))];
}
