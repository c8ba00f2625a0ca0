import { expect, test } from 'vitest';
import { usualHosts } from './detail.ts';
import { httpAdditions } from './http-auth.ts';
import { searchServerOf } from './search-server.ts';

const searxng = (config: Record<string, unknown>) => ({ tool_type: 'searxng', config });

test.each([
  [{ url: 'https://s.example/x/' }, { url: 'https://s.example/x/', login: null }],
  [{ base_url: ' http://s.example:8080 ' }, { url: 'http://s.example:8080/', login: null }],
  [{ url: 'https://bob:a%20b@s.example' }, { url: 'https://s.example/', login: 'bob:a b' }],
  [{ url: 'https://bob:50%off@s.example' }, { url: 'https://s.example/', login: 'bob:50%off' }],
  [{ url: 'file:///etc/passwd' }, null],
  [{ url: 'nowhere' }, null],
  [{ url: 5 }, null],
  [{}, null],
])('%j is %j', (config, server) => {
  expect(searchServerOf(searxng(config))).toEqual(server);
});

test('only SearXNG credentials are search servers', () => {
  expect(searchServerOf({ tool_type: 'api', config: { url: 'https://s.example' } })).toBeNull();
});

test('its secrets go to its own host, and in no address', () => {
  const detail = searxng({ url: 'https://bob:pw@s.example:8443/x' });
  expect(usualHosts('tool', detail)).toEqual(['s.example:8443']);
  expect(httpAdditions('tool', detail)).toEqual({
    headers: { authorization: `Basic ${btoa('bob:pw')}` },
    query: {},
  });
  const token = searxng({ url: 'https://s.example', token: 't' });
  expect(httpAdditions('tool', token)).toEqual({ headers: { authorization: 'Bearer t' }, query: {} });
  expect(httpAdditions('tool', searxng({ url: 'https://s.example' }))).toEqual({ headers: {}, query: {} });
});
