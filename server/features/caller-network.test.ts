import { expect, test } from 'vitest';
import { callerNetwork } from './caller-network.ts';

test('every address of an IPv6 network is the same caller, another network is another', () => {
  const home = callerNetwork('2001:db8:0:7::1');
  expect(home).toBe('2001:db8:0:7::/64');
  expect(callerNetwork('2001:db8:0:7:ffff:1:2:3')).toBe(home);
  expect(callerNetwork('2001:db8:0:8::1')).not.toBe(home);
});

test('an IPv4 address stands for itself, however it is written', () => {
  expect(callerNetwork('192.0.2.7')).toBe('192.0.2.7');
  expect(callerNetwork('::ffff:192.0.2.7')).toBe('192.0.2.7');
  expect(callerNetwork('192.0.2.8')).not.toBe(callerNetwork('192.0.2.7'));
  expect(callerNetwork('')).toBe('');
});
