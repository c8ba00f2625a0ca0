import { expect, test } from 'vitest';
import {
  draftOf,
  faultsFrom,
  faultsOf,
  newDraft,
  payloadFault,
  settingsOf,
  timingOf,
} from './schedule-draft.ts';

const draft = { ...newDraft('Europe/Berlin', 7), name: ' Nightly ' };

test('a new schedule runs every hour', () => {
  expect(settingsOf(draft)).toMatchObject({
    name: 'Nightly',
    interval_seconds: 3600,
    cron: null,
    trigger_payload: null,
  });
  expect(faultsOf(draft)).toEqual({});
});

test('a pattern leaves the interval, which spaces retries, as it is', () => {
  const cron = { ...draft, mode: 'cron', cron: ' 0 9 * * 1 ' } as const;
  expect(settingsOf(cron)).toMatchObject({ cron: '0 9 * * 1', interval_seconds: undefined });
  expect(timingOf(cron)).not.toHaveProperty('interval_seconds');
});

test('what is missing is said at its field', () => {
  const faults = faultsOf({ ...newDraft('UTC', null), mode: 'cron', payload: '[1]' });
  expect(Object.keys(faults).sort()).toEqual(['cron', 'name', 'payload', 'workflowId']);
  expect(faultsOf({ ...draft, every: null })).toHaveProperty('every');
});

test('a payload is an object or nothing', () => {
  expect(payloadFault('')).toBeNull();
  expect(payloadFault('{ "region": "north" }')).toBeNull();
  expect(payloadFault('"north"')).toContain('object');
  expect(payloadFault('{')).toContain('not valid JSON');
});

test('the server’s complaints stand at the fields of the form', () => {
  expect(faultsFrom({ fields: { cron: 'No.', 'trigger_payload.a': 'Too deep.' }, message: '' })).toEqual({
    cron: 'No.',
    payload: 'Too deep.',
  });
  expect(faultsFrom({ fields: {}, message: 'Workflow not found.' })).toEqual({ '': 'Workflow not found.' });
});

test('a saved schedule becomes the same settings again', () => {
  const saved = {
    ...settingsOf({ ...draft, payload: '{"a":1}', startAt: '2030-01-01T00:00:00.000Z' }),
    interval_seconds: 5400,
    workflow_id: 7,
    trigger_node_id: null,
  };
  const again = settingsOf(draftOf(saved as unknown as Parameters<typeof draftOf>[0]));
  expect(again).toEqual({
    ...settingsOf(draft),
    ...saved,
    workflow_id: undefined,
    trigger_node_id: undefined,
  });
});
