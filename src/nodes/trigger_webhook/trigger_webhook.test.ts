import { describe, expect, it } from 'vitest';
import { graphOf, renderReferences } from '#domain/run/flow-fixture.ts';
import { runFlow } from '#domain/run/run-flow.ts';
import { definitionOf } from '../definitions.ts';
import { execute as set } from '../set/executor.ts';
import { definition } from './definition.ts';

describe('config', () => {
  it('answers POST at once unless told otherwise', () => {
    expect(definition.config.parse({})).toEqual({
      methods: ['POST'],
      respond: 'immediately',
      auth: 'none',
      basic_user: 'webhook',
      rate_limit: 0,
      response_status: 202,
      wait_seconds: 30,
    });
  });

  it('asks for signatures and has a limit where it is newly drawn, and is warned about where it is open', () => {
    const drawn = definition.config.parse({ ...definition.starter });
    expect(drawn).toMatchObject({ auth: 'hmac', rate_limit: 60 });
    expect(definition.caution?.(drawn)).toBeNull();
    expect(definition.caution?.(definition.config.parse({}))).toContain('everybody who knows its address');
  });

  it.each([
    { methods: [] },
    { methods: ['TRACE'] },
    { respond: 'never' },
    { response_status: 500 },
    { wait_seconds: 31 },
    { wait_seconds: 0 },
    { auth: 'secret' },
    { basic_user: 'a:b' },
    { rate_limit: -1 },
  ])('refuses %j', (config) => {
    expect(definition.config.safeParse(config).success).toBe(false);
  });

  it('says on the card what it listens to', () => {
    const config = definition.config.parse({ methods: ['GET', 'POST'], respond: 'when_finished' });
    expect(definition.subtitle?.(config)).toBe('GET, POST · answers when finished');
  });
});

it('hands on every part of the request by its port', async () => {
  const fields = { body: '{{ hook.body }}', query: '{{ hook.query }}', how: '{{ trigger.method }}' };
  const graph = graphOf({ hook: { type: 'trigger_webhook' }, seen: { type: 'set', config: { fields } } }, [
    'hook.body > seen.input',
  ]);
  const payload = { body: [1, 2], headers: { 'x-a': 'b' }, query: { page: '2' }, method: 'POST' };
  const result = await runFlow({
    graph,
    payload,
    definitionOf,
    executors: { set },
    render: renderReferences,
  });
  expect(result.steps['hook']?.outputs).toEqual({ ...payload, payload });
  expect(result.steps['seen']?.outputs).toEqual({
    output: { body: [1, 2], query: { page: '2' }, how: 'POST' },
  });
});
