const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/invalid API key/i, 'Check that the key was copied whole and is still valid, then replace it with Edit.'],
  [/invalid user name or password/i, 'Check the login. Some mail servers want a password made for apps.'],
  [
    /is not allowed|PIPEWRIGHT_EGRESS_ALLOW/i,
    'Local and private addresses are closed until the operator opens them.',
  ],
  [/not bound|is not sent to/i, 'Add the host under Edit, if the secret really belongs there.'],
  [/answered 404/i, 'Check the address. That of OpenAI-compatible providers usually ends in /v1.'],
  [/answered 429/i, 'The provider takes no more requests just now. Try again later.'],
  [/answered 5\d\d/i, 'The provider has trouble of its own. Try again later.'],
  [/no address: |No address|has no address/i, 'Check the address for mistakes.'],
  [
    /could not be reached|unreachable|refused|did not answer|within \d+ s/i,
    'Check the address, and whether the server is up.',
  ],
  [
    /certificate|TLS/i,
    'The server’s certificate is not trusted. Check the address, or have the server’s owner renew it.',
  ],
  [/passphrase/i, 'Make a key without a passphrase for this.'],
  [
    /message gateway/i,
    'The message gateway is a program beside this one. Ask the operator whether it is set up and running.',
  ],
];

/** What a person can do about a failed test; empty when nothing better is known than its message. */
export const testAdvice = (error: string): string =>
  ADVICE.find(([pattern]) => pattern.test(error))?.[1] ?? '';
