import { describe, expect, it } from 'vitest';
import { readConfig } from '#domain/node/definition.ts';
import { type ApprovalRequest, type HttpRequest, StepError } from '#domain/node/executor.ts';
import { runStep } from '#domain/run/flow-fixture.ts';
import { definition } from './definition.ts';
import { execute } from './executor.ts';

function world(status = 204) {
  const asked: ApprovalRequest[] = [];
  const sent: HttpRequest[] = [];
  return {
    asked,
    sent,
    capabilities: {
      now: () => 1_000_000,
      askApproval: async (request: ApprovalRequest) => {
        asked.push(request);
        return { source: 'approval', links: [{ holder: 'ada', url: 'http://here/approve/x' }] };
      },
      http: async (request: HttpRequest) => {
        sent.push(request);
        return { status, headers: {}, body: '', url: request.url, durationMs: 1 };
      },
    },
  };
}

describe('asking', () => {
  it('lets go of the run until somebody has answered', async () => {
    const { asked, sent, capabilities } = world();
    const config = { prompt: 'Pay?', approvers: ' ada, bob ,, ada', needed: 2, allow_self: false };
    expect(await runStep(definition, execute, { config, capabilities })).toEqual({
      kind: 'suspend',
      sources: ['approval'],
      until: null,
      human: true,
      shown: { prompt: 'Pay?', approvers: ['ada', 'bob'], needed: 2 },
    });
    expect(asked).toEqual([
      {
        prompt: 'Pay?',
        approvers: ['ada', 'bob'],
        needed: 2,
        allowSelf: false,
        expiresAt: null,
        withLinks: false,
      },
    ]);
    expect(sent).toEqual([]);
  });

  it.each([
    [{ prompt: 'form' }, { prompt: 'port' }, 'port'],
    [{ prompt: 'form' }, { prompt: '' }, 'form'],
    [{}, {}, 'May this go on?'],
  ])('config %j with inputs %j asks “%s”', async (config, inputs, prompt) => {
    const { asked, capabilities } = world();
    await runStep(definition, execute, { config, inputs, capabilities });
    expect(asked[0]?.prompt).toBe(prompt);
  });

  it('sends links where it is told to, with the time they are good until', async () => {
    const { asked, sent, capabilities } = world();
    const config = {
      timeout: 2,
      timeout_unit: 'minutes',
      notify_url: 'http://chat/hook',
      approvers: ['ada'],
    };
    expect(await runStep(definition, execute, { config, capabilities })).toMatchObject({ until: 1_120_000 });
    expect(asked[0]).toMatchObject({ expiresAt: 1_120_000, withLinks: true });
    expect(sent[0]).toMatchObject({ method: 'POST', url: 'http://chat/hook' });
    expect(JSON.parse(sent[0]?.body ?? '')).toEqual({
      prompt: 'May this go on?',
      expires_at: '1970-01-01T00:18:40.000Z',
      links: [{ holder: 'ada', url: 'http://here/approve/x' }],
    });
  });

  it('fails, worth another attempt, when the links cannot be sent', async () => {
    const { capabilities } = world(500);
    const asking = runStep(definition, execute, { config: { notify_url: 'http://chat/hook' }, capabilities });
    await expect(asking).rejects.toBeInstanceOf(StepError);
    await expect(asking).rejects.toMatchObject({ code: 'not_delivered', permanent: false });
  });
});

describe('the answer', () => {
  const yes = { confirmed: true, response: 'fine', decided_by: 'ada' };
  const resume = (signal: unknown, inputs: Record<string, unknown> = {}, timedOut = false) =>
    runStep(definition, execute, {
      inputs,
      resumed: { timedOut, signals: timedOut ? {} : { approval: signal }, kept: null },
    });

  it('sends the input down the way that was chosen', async () => {
    expect(await resume(yes, { input: { id: 1 } })).toEqual({
      kind: 'done',
      outputs: { confirmed: true, user_response: 'fine', decided_by: 'ada', approved: { id: 1 } },
    });
    expect(await resume({ ...yes, confirmed: false }, { input: null })).toEqual({
      kind: 'done',
      outputs: { confirmed: false, user_response: 'fine', decided_by: 'ada', rejected: null },
    });
    expect(await resume(undefined, { input: 5 }, true)).toEqual({
      kind: 'done',
      outputs: { confirmed: false, user_response: '', decided_by: '', timeout: 5 },
    });
  });

  it('is itself what leaves when there is no input', async () => {
    const decision = { confirmed: true, user_response: 'fine', decided_by: 'ada' };
    expect(await resume(yes)).toMatchObject({ outputs: { approved: decision } });
  });
});

it('has the port for the time limit only when there is one', () => {
  const routes = (config: Record<string, unknown>) =>
    definition
      .ports(readConfig(definition, config))
      .outputs.filter((port) => port.route)
      .map((port) => port.name);
  expect(routes({})).toEqual(['approved', 'rejected']);
  expect(routes({ timeout: 1 })).toEqual(['approved', 'rejected', 'timeout']);
});

it.each([{ needed: 0 }, { timeout: -1 }, { timeout: 367, timeout_unit: 'days' }, { timeout_unit: 'weeks' }])(
  'refuses %j',
  (config) => {
    expect(definition.config.safeParse(config).success).toBe(false);
  },
);
