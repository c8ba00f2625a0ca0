import type { CredentialType, CredentialUse } from './kind.ts';
import { mask, maskDeep, secretsIn, unmask } from './mask.ts';
import { searchServerOf } from './search-server.ts';

/** What a credential consists of, by the names of the API. */
export type Detail = Readonly<Record<string, unknown>>;

type Kind = 'text' | 'secret' | 'secrets' | 'object' | 'flag' | 'texts';

interface FieldKind {
  readonly kind: Kind;
  readonly fallback: unknown;
}

const text = (fallback = ''): FieldKind => ({ kind: 'text', fallback });
const secret: FieldKind = { kind: 'secret', fallback: '' };

/** The fields of every type; anything else a client sends is left out. */
const FIELDS: Readonly<Record<CredentialType, Readonly<Record<string, FieldKind>>>> = {
  llm: {
    provider_type: text('openai_compatible'),
    api_key: secret,
    base_url: text(),
    organization_id: text(),
    custom_headers: { kind: 'secrets', fallback: {} },
  },
  gateway: {
    adapter_type: text('generic'),
    token: secret,
    api_key: secret,
    allowed_user_ids: { kind: 'texts', fallback: undefined },
    config: { kind: 'object', fallback: {} },
  },
  git: {
    provider: text('github'),
    credential_type: text('token'),
    username: text(),
    ssh_private_key: secret,
    access_token: secret,
    webhook_secret: secret,
  },
  tool: {
    tool_type: text('api'),
    config: { kind: 'object', fallback: {} },
    is_preferred: { kind: 'flag', fallback: false },
  },
};

const MAX_TEXT = 65_536;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** A field of a detail that cannot be used. */
export class DetailError extends Error {
  readonly field: string;
  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

/** A detail with the defaults of its type. */
export const emptyDetail = (type: CredentialType): Detail =>
  Object.fromEntries(Object.entries(FIELDS[type]).map(([name, { fallback }]) => [name, fallback]));

/**
 * A stored detail with what a client sends, key by key; null means the default, and a secret that comes back masked
 * stays as it is.
 * @throws DetailError
 */
export function mergeDetail(type: CredentialType, stored: Detail, given: Detail): Detail {
  const masked = maskedDetail(type, stored);
  const changed = Object.entries(FIELDS[type])
    .filter(([name]) => given[name] !== undefined)
    .map(([name, field]) => {
      const value = given[name];
      if (value === null) return [name, field.fallback];
      return [name, checked(name, field.kind, unmask(value, stored[name], masked[name]))];
    });
  return { ...stored, ...Object.fromEntries(changed) };
}

function checked(name: string, kind: Kind, value: unknown): unknown {
  switch (kind) {
    case 'text':
    case 'secret':
      return checkedText(name, value);
    case 'flag':
      if (typeof value !== 'boolean') throw new DetailError(name, 'Must be true or false.');
      return value;
    case 'texts':
      if (Array.isArray(value) && value.every((one) => ['string', 'number'].includes(typeof one)))
        return value;
      return checkedText(name, value);
    case 'object':
    case 'secrets':
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw new DetailError(name, 'Must be an object of names and values.');
      }
      return kind === 'object' ? value : headers(name, value);
  }
}

function checkedText(name: string, value: unknown): string {
  if (typeof value !== 'string') throw new DetailError(name, 'Must be text.');
  if (value.length > MAX_TEXT) throw new DetailError(name, `Must have at most ${MAX_TEXT} characters.`);
  if (name === 'base_url' && (URL.parse(value)?.username || URL.parse(value)?.password)) {
    throw new DetailError(
      name,
      'A password in the address would be shown. Put it into api_key or custom_headers.',
    );
  }
  return value;
}

function headers(name: string, value: object): Record<string, string> {
  const entries = Object.entries(value).map(([header, one]) => {
    const line = ['string', 'number', 'boolean'].includes(typeof one) ? String(one) : null;
    const isFit = line !== null && HEADER_NAME.test(header) && /^[\t\x20-\x7e\x80-\xff]*$/.test(line);
    if (!isFit) throw new DetailError(`${name}.${header}`, 'This header cannot be sent.');
    return [header, line] as const;
  });
  return Object.fromEntries(entries);
}

/** A detail as it is shown. */
export function maskedDetail(type: CredentialType, detail: Detail): Detail {
  const entries = Object.entries(FIELDS[type]).map(([name, { kind }]) => [
    name,
    maskedField(kind, detail[name]),
  ]);
  const shown: Record<string, unknown> = Object.fromEntries(entries);
  if (type === 'git') {
    delete shown['webhook_secret'];
    for (const name of ['access_token', 'ssh_private_key']) {
      if (!detail[name]) shown[name] = '';
      // Neither the first nor the last line of a key says anything, so nothing of it is shown.
      else if (name === 'ssh_private_key') shown[name] = '****';
    }
  }
  return shown;
}

function maskedField(kind: Kind, value: unknown): unknown {
  if (kind === 'secret') return mask(String(value ?? ''));
  if (kind === 'secrets' || kind === 'object') return maskDeep(value ?? {}, kind === 'secrets');
  return value;
}

/** Custom headers that only say what is wanted. */
const HARMLESS_HEADER = /^(accept|accept-.*|content-type|user-agent|cache-control)$/i;

/** Every secret text of a detail. */
export function secretsOf(type: CredentialType, whole: Detail): string[] {
  const custom = Object.entries((whole['custom_headers'] ?? {}) as Detail);
  const kept = custom.filter(([name]) => !HARMLESS_HEADER.test(name));
  const detail: Detail = { ...whole, custom_headers: Object.fromEntries(kept) };
  const found = Object.entries(FIELDS[type]).flatMap(([name, { kind }]) =>
    kind === 'secret' || kind === 'secrets' || kind === 'object'
      ? secretsIn(detail[name], kind !== 'object')
      : [],
  );
  return found.filter((one) => one !== '');
}

const textOf = (detail: Detail, name: string): string => {
  const value = detail[name];
  return typeof value === 'string' ? value : '';
};

/** The hosts a credential is bound to as long as nobody names others. Shown details will do. */
export function usualHosts(type: CredentialType, detail: Detail): string[] {
  if (type === 'llm') {
    const base = llmBase(detail);
    const host = base === null ? null : URL.parse(base)?.host;
    return host ? [host] : [];
  }
  if (type === 'git') return [...(GIT_HOSTS[textOf(detail, 'provider').toLowerCase()] ?? [])];
  if (type !== 'tool') return [];
  const search = searchServerOf(detail);
  if (search) return [new URL(search.url).host];
  if (textOf(detail, 'tool_type') !== 'smtp') return [];
  const config = (detail['config'] ?? {}) as Detail;
  const host = textOf(config, 'host').trim().toLowerCase();
  return host === '' ? [] : [host];
}

const GIT_HOSTS: Readonly<Record<string, readonly string[]>> = {
  github: ['github.com', 'api.github.com'],
  gitlab: ['gitlab.com'],
  bitbucket: ['bitbucket.org', 'api.bitbucket.org'],
};

const LLM_BASES: Readonly<Record<string, string>> = {
  openai: 'https://api.openai.com/v1',
  anthropic: 'https://api.anthropic.com/v1',
  glm: 'https://open.bigmodel.cn/api/paas/v4',
};

/** Where an LLM provider is reached, without a slash at the end; null: nobody said. */
export function llmBase(detail: Detail): string | null {
  const base = textOf(detail, 'base_url').trim() || LLM_BASES[textOf(detail, 'provider_type')];
  if (base === undefined || base === '') return null;
  const bare = base.replace(/\/+$/, '');
  // Its own clients are given the address without the version.
  return isAnthropic(detail) && !/\/v\d+$/.test(bare) ? `${bare}/v1` : bare;
}

export const isAnthropic = (detail: Detail): boolean => textOf(detail, 'provider_type') === 'anthropic';

/** What steps can do with a credential. Shown details will do. */
export function usesOf(type: CredentialType, detail: Detail): CredentialUse[] {
  switch (type) {
    case 'llm':
      return ['llm', 'http'];
    case 'gateway':
      return ['gateway'];
    case 'git':
      return textOf(detail, 'credential_type') === 'ssh_key' ? ['git'] : ['git', 'http'];
    case 'tool': {
      const kind = textOf(detail, 'tool_type');
      return kind === 'http' || kind === 'smtp' ? [kind] : [];
    }
  }
}
