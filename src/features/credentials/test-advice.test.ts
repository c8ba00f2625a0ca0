import { expect, test } from 'vitest';
import { testAdvice } from './test-advice.ts';

test.each([
  ['Authentication failed - invalid API key', 'replace it'],
  ['Destination 127.0.0.1:4141 is not allowed. Such requests reach public addresses …', 'operator'],
  ['The provider answered 404.', '/v1'],
  ['The provider answered 503.', 'trouble of its own'],
  ['The credential “Shop” is not sent to example.com.', 'Add the host'],
])('“%s” comes with a way out', (error, advice) => {
  expect(testAdvice(error)).toContain(advice);
});

test('what is not known is left to speak for itself', () => {
  expect(testAdvice('Something new.')).toBe('');
});
