import { expect, it } from 'vitest';
import { draftsOf, emptyDraft, faultsFrom, faultsIn, sentOf, type VariableDraft } from './variable-draft.ts';

const stored = [
  { key: 'A', value: '1', credential_id: null, credential_field: null, source: 'raw' as const },
  { key: 'B', value: null, credential_id: 7, credential_field: 'token', source: 'credential' as const },
];
const draft = (more: Partial<VariableDraft>): VariableDraft => ({ ...emptyDraft([]), key: 'A', ...more });

it('sends back what was stored', () => {
  expect(sentOf(draftsOf({ env_vars: stored }))).toEqual([
    { key: 'A', source: 'raw', value: '1' },
    { key: 'B', source: 'credential', credential_id: 7, credential_field: 'token' },
  ]);
});

it('gives every new row a number of its own', () => {
  const drafts = draftsOf({ env_vars: stored }).slice(1);
  expect(emptyDraft(drafts).row).toBe(2);
  expect(emptyDraft([]).row).toBe(0);
});

it.each(['', '1A', 'A B', 'Ä', 'A-B'])('refuses the name %j', (key) => {
  expect(faultsIn([draft({ key })])).toEqual({ 0: { key: expect.any(String) } });
});

it('refuses a name that comes twice, and half a reference', () => {
  expect(faultsIn([draft({}), draft({ row: 1 })])).toEqual({
    1: { key: 'There is another one of this name.' },
  });
  expect(faultsIn([draft({ source: 'credential' })])).toEqual({
    0: { credential: expect.any(String), field: expect.any(String) },
  });
  expect(faultsIn(draftsOf({ env_vars: stored }))).toEqual({});
});

it('puts what the server says where it belongs', () => {
  const drafts = draftsOf({ env_vars: stored }).toReversed();
  expect(faultsFrom({ 'env_vars.0.credential_id': 'Credential not found.' }, drafts)).toEqual({
    1: { credential: 'Credential not found.' },
  });
  expect(faultsFrom({ name: 'Taken.' }, drafts)).toBeNull();
});
