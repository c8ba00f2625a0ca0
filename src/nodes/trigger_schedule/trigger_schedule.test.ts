import { describe, expect, it } from 'vitest';
import { graphOf, renderReferences } from '#domain/run/flow-fixture.ts';
import { runFlow } from '#domain/run/run-flow.ts';
import { schedulePayload } from '#domain/schedule/payload.ts';
import { definitionOf } from '../definitions.ts';
import { execute as set } from '../set/executor.ts';
import { definition } from './definition.ts';

describe('config', () => {
  it('repeats every five minutes without end unless told otherwise', () => {
    expect(definition.config.parse({})).toMatchObject({
      interval_seconds: 300,
      total_repeats: 0,
      max_retries: 3,
      timeout_seconds: 600,
      trigger_payload: {},
      cron: '',
      timezone: 'UTC',
      misfire_policy: 'once',
      overlap_policy: 'skip',
    });
  });

  it.each([
    [{ interval_seconds: 0 }, 'interval_seconds must be >= 1'],
    [{ cron: '* * * * * *' }, 'more than once a minute'],
    [{ cron: '0 0 31 2 *' }, 'never fires'],
    [{ timezone: 'Mars' }, 'no time zone'],
    [{ start_at: 'tomorrow' }, 'date and time'],
    [{ total_repeats: -1 }, ''],
    [{ overlap_policy: 'kill' }, ''],
  ])('refuses %j', (config, why) => {
    const read = definition.config.safeParse(config);
    expect(read.success).toBe(false);
    expect(read.error?.message).toContain(why);
  });

  it.each([
    [{ interval_seconds: 300 }, 'Every 5 minutes'],
    [{ interval_seconds: 86_400 }, 'Every day'],
    [{ interval_seconds: 61 }, 'Every 61 seconds'],
    [{ cron: '0 7 * * *', timezone: 'Europe/Berlin' }, '0 7 * * * · Europe/Berlin'],
  ])('says on the card when it fires: %j', (config, text) => {
    expect(definition.subtitle?.(definition.config.parse(config))).toBe(text);
  });
});

it('hands on when and with what it fired', async () => {
  const fields = { when: '{{ clock.timestamp }}', region: '{{ trigger.payload.region }}' };
  const graph = graphOf({ clock: { type: 'trigger_schedule' }, seen: { type: 'set', config: { fields } } }, [
    'clock.payload > seen.input',
  ]);
  const payload = schedulePayload(
    { id: 'a', name: 'Report', triggerPayload: { region: 'north' } },
    { fireAt: Date.UTC(2026, 0, 5, 7), repeat: 3 },
  );
  const result = await runFlow({
    graph,
    payload,
    definitionOf,
    executors: { set },
    render: renderReferences,
  });
  expect(result.steps['clock']?.outputs).toEqual({ timestamp: '2026-01-05T07:00:00.000Z', payload });
  expect(result.steps['seen']?.outputs).toEqual({
    output: expect.objectContaining({ when: '2026-01-05T07:00:00.000Z', region: 'north' }),
  });
});
