import { type Detail, isAnthropic } from './detail.ts';
import type { CredentialType } from './kind.ts';
import { searchServerOf } from './search-server.ts';

/** What a credential adds to a request. */
export interface HttpAdditions {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

const NO_QUERY = {};
const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
const bearer = (token: unknown) => ({ authorization: `Bearer ${text(token)}` });

/** The version of the API whose shapes are spoken. */
const ANTHROPIC_VERSION = '2023-06-01';

/** How a credential signs a request; null: this kind cannot, or what it needs is missing. */
export function httpAdditions(type: CredentialType, detail: Detail): HttpAdditions | null {
  if (type === 'llm') return { headers: llmHeaders(detail), query: NO_QUERY };
  if (type === 'git') {
    const token = text(detail['access_token']);
    if (token === '') return null;
    const isGitlab = text(detail['provider']).toLowerCase() === 'gitlab';
    return { headers: isGitlab ? { 'private-token': token } : bearer(token), query: NO_QUERY };
  }
  if (type !== 'tool') return null;
  const search = searchServerOf(detail);
  if (search) return searchAdditions(search.login, (detail['config'] ?? {}) as Detail);
  if (detail['tool_type'] !== 'http') return null;
  return toolAdditions((detail['config'] ?? {}) as Detail);
}

/** Most search servers want nothing at all. */
function searchAdditions(login: string | null, config: Detail): HttpAdditions {
  const own = toolAdditions(config);
  if (own) return own;
  return { headers: login === null ? {} : { authorization: `Basic ${base64(login)}` }, query: NO_QUERY };
}

function llmHeaders(detail: Detail): Record<string, string> {
  const custom = Object.entries((detail['custom_headers'] ?? {}) as Detail);
  const key = text(detail['api_key']);
  const organization = text(detail['organization_id']);
  const own: Record<string, string> = isAnthropic(detail) ? { 'anthropic-version': ANTHROPIC_VERSION } : {};
  if (key !== '') Object.assign(own, isAnthropic(detail) ? { 'x-api-key': key } : bearer(key));
  if (organization !== '') own['openai-organization'] = organization;
  return { ...own, ...Object.fromEntries(custom.map(([name, value]) => [name.toLowerCase(), text(value)])) };
}

function toolAdditions(config: Detail): HttpAdditions | null {
  const token = text(config['token']);
  const name = text(config['name']);
  const auth = text(config['auth']) || 'bearer';
  if (auth === 'basic') {
    const pair = `${text(config['username'])}:${text(config['password'])}`;
    return pair === ':' ? null : { headers: { authorization: `Basic ${base64(pair)}` }, query: NO_QUERY };
  }
  if (token === '') return null;
  if (auth === 'bearer') return { headers: bearer(token), query: NO_QUERY };
  if (name === '') return null;
  if (auth === 'header') return { headers: { [name.toLowerCase()]: token }, query: NO_QUERY };
  return auth === 'query' ? { headers: {}, query: { [name]: token } } : null;
}

const base64 = (value: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(value)));

/** The mail server a credential of the tool type `smtp` stands for; null: it names none. */
export function mailServerOf(detail: Detail) {
  if (detail['tool_type'] !== 'smtp') return null;
  const config = (detail['config'] ?? {}) as Detail;
  const host = text(config['host']).trim();
  if (host === '') return null;
  const secure = config['security'] === 'tls';
  const port = Number(config['port'] ?? (secure ? 465 : 587));
  const user = text(config['username']);
  const login = user === '' ? { user: null, password: null } : { user, password: text(config['password']) };
  return { host, port: Number.isInteger(port) && port > 0 && port < 65_536 ? port : 587, secure, ...login };
}
