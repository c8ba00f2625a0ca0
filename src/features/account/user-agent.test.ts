import { describe, expect, it } from 'vitest';
import { readUserAgent } from './user-agent.ts';

const CHROME =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1';

describe('readUserAgent', () => {
  it.each([
    [CHROME, 'Chrome on Linux', 'computer'],
    [`${CHROME} Edg/140.0.0.0`, 'Edge on Linux', 'computer'],
    [PHONE, 'Safari on iPhone', 'phone'],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
      'Firefox on Windows',
      'computer',
    ],
    ['Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0', 'Firefox on Android', 'phone'],
    ['curl/8.5.0', 'curl', 'program'],
    ['python-requests/2.32', 'python-requests', 'program'],
    ['', 'A program without a name', 'program'],
  ])('%s', (text, name, device) => {
    expect(readUserAgent(text)).toEqual({ name, device });
  });
});
