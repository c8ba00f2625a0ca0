import { expect, it } from 'vitest';
import type { ApprovalRequest } from '../node/executor.ts';
import { refusingCapabilities } from '../node/refusing-capabilities.ts';
import { type IntendedCall, isAsked, permissionFor } from './ask.ts';

const face = { name: 'send', description: '', parameters: {}, destructive: true };
const intended: IntendedCall = {
  mode: 'destructive',
  function: face,
  args: { to: 'bo', api_key: 'sk-0123456789' },
  title: 'Mail',
  key: '2:0',
  resumed: null,
};
const asked: ApprovalRequest[] = [];
const capabilities = refusingCapabilities({
  askApproval: async (request) => {
    asked.push(request);
    return { source: `approval:${request.call}`, links: [] };
  },
});

it.each([
  ['never', face, false],
  ['destructive', face, true],
  ['destructive', { ...face, destructive: false }, false],
  ['destructive', { ...face, harmless: () => true }, false],
  ['always', { ...face, destructive: false }, true],
] as const)('%s with %o: asks is %s', (mode, named, is) => {
  expect(isAsked({ ...intended, mode, function: named })).toBe(is);
});

it('asks a question of its own, without secrets, and waits', async () => {
  const permission = await permissionFor(intended, capabilities);
  expect(permission).toMatchObject({
    kind: 'suspend',
    sources: ['approval:ask:2:0'],
    until: null,
    human: true,
  });
  expect(asked).toMatchObject([{ call: 'ask:2:0', needed: 1, approvers: [], expiresAt: null }]);
  expect(asked[0]?.prompt).toContain('May the agent use “Mail”?\n\nsend {\n  "to": "bo"');
  expect(asked[0]?.prompt).not.toContain('0123456789');
});

it('goes by the answer to its own question', async () => {
  const resumed = (answer: object) => ({
    timedOut: false,
    kept: null,
    signals: { 'approval:ask:2:0': answer, 'approval:ask:2:1': { confirmed: true, response: '' } },
  });
  const given = (answer: object) => permissionFor({ ...intended, resumed: resumed(answer) }, capabilities);
  expect(await given({ confirmed: true, response: '' })).toEqual({ kind: 'granted' });
  expect(await given({ confirmed: false, response: ' Wrong person. ' })).toEqual({
    kind: 'refused',
    words: expect.stringContaining('They said: Wrong person.'),
  });
  expect(await permissionFor({ ...intended, mode: 'never' }, capabilities)).toEqual({ kind: 'granted' });
});
