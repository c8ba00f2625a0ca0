import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { createPolicy } from './policy.ts';

const closed = createPolicy([]);

describe('without an allow-list', () => {
  it.each([
    '127.0.0.1',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '100.100.100.200',
    '0.0.0.0',
    '255.255.255.255',
    '224.0.0.1',
    '198.18.0.1',
    '192.0.2.1',
    '240.0.0.1',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::127.0.0.1',
    'fe80::1',
    'fc00::1',
    'fd00:ec2::254',
    'fec0::1',
    'ff02::1',
    '2002:7f00:1::',
    '2001::1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '2001:db8::1',
    '100::1',
    '168.63.129.16',
    'not an address',
    '',
  ])('refuses %s', (address) => {
    expect(closed.permits('example.com', 443, address)).toBe(false);
  });

  it.each(['93.184.216.34', '1.1.1.1', '2606:4700:4700::1111'])(
    'permits public %s on web ports only',
    (address) => {
      expect(
        [80, 443, 8080, 8443, 22, 25, 5432, 6379].map((port) => closed.permits('x', port, address)),
      ).toEqual([true, true, true, true, false, false, false, false]);
    },
  );

  it("refuses the machine's own addresses", () => {
    const own = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
    expect(own.length).toBeGreaterThan(0);
    for (const { address } of own) expect(closed.permits('me', 443, address)).toBe(false);
  });

  it.each([
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://１２７.0.0.1/',
    'http://127。0。0。1/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://1.1.1.1:6379/',
  ])('refuses the literal %s with the way out', (url) => {
    expect(() => closed.checkUrl(new URL(url))).toThrow(/PIPEWRIGHT_EGRESS_ALLOW/);
  });

  it.each(['ftp://example.com/', 'file:///etc/passwd', 'data:,x', 'https://user:pass@example.com/'])(
    'refuses %s as a bad address',
    (url) => {
      expect(() => closed.checkUrl(new URL(url))).toThrow(expect.objectContaining({ code: 'bad_url' }));
    },
  );
});

describe('the allow-list', () => {
  it.each<[string, [string, number, string], boolean]>([
    ['internal:5000', ['internal', 5000, '10.0.0.1'], true],
    ['internal:5000', ['INTERNAL.', 5000, '10.0.0.1'], true],
    ['internal:5000', ['internal', 5001, '10.0.0.1'], false],
    ['internal:5000', ['other', 5000, '10.0.0.1'], false],
    ['127.0.0.1:5000', ['localhost', 5000, '127.0.0.1'], true],
    ['127.0.0.1:5000', ['localhost', 5000, '::1'], false],
    ['[::1]:5000', ['localhost', 5000, '::1'], true],
    ['10.1.2.3', ['any', 1234, '10.1.2.3'], true],
    ['10.1.2.3', ['any', 1234, '10.1.2.4'], false],
    ['10.0.0.0/8', ['any', 1234, '10.9.9.9'], true],
    ['10.0.0.0/8', ['any', 1234, '::ffff:10.9.9.9'], true],
    ['10.0.0.0/8', ['any', 1234, '11.0.0.1'], false],
    ['fd00::/8', ['any', 1234, 'fd12::1'], true],
  ])('%s and %j: %s', (entry, [host, port, address], expected) => {
    expect(createPolicy([entry]).permits(host, port, address)).toBe(expected);
  });

  it.each(['169.254.169.254', '100.100.100.200', 'fd00:ec2::254', '64:ff9b::a9fe:a9fe'])(
    'never opens the metadata address %s',
    (address) => {
      const open = createPolicy(['0.0.0.0/0', '::/0', 'meta:80']);
      expect(open.permits('meta', 80, address)).toBe(false);
      expect(() => createPolicy([address])).toThrow(/metadata/);
      expect(() => createPolicy([`[${address}]:80`])).toThrow(TypeError);
    },
  );

  it.each(['nonsense', 'host:', 'host:0', 'host:99999', 'http://host:80', '10.0.0.0/33', '80'])(
    'refuses the entry %s by name',
    (entry) => {
      expect(() => createPolicy(['ok:1', entry])).toThrow(`"${entry}"`);
    },
  );
});
