import { usualHosts } from '#domain/credential/detail.ts';
import { hostPattern } from '#domain/credential/host.ts';
import type { CredentialType, HttpAuth, SmtpSecurity } from '#domain/credential/kind.ts';
import type { Credential } from './credential.ts';
import { presetById, presetOf } from './llm-preset.ts';
import { hasSecret, keptSecret, NO_SECRET, type Secret } from './secret.ts';

export interface HeaderDraft {
  readonly key: number;
  readonly name: string;
  readonly value: Secret;
}

export interface LlmDraft {
  readonly preset: string;
  readonly baseUrl: string;
  readonly apiKey: Secret;
  readonly organization: string;
  readonly headers: readonly HeaderDraft[];
}

export interface GatewayDraft {
  readonly adapter: string;
  readonly token: Secret;
  readonly allowedUsers: readonly string[];
  /** JSON; empty: as the gateway has it. */
  readonly config: string;
}

export interface GitDraft {
  readonly provider: string;
  readonly kind: 'token' | 'ssh_key';
  readonly username: string;
  readonly token: Secret;
  readonly sshKey: Secret;
  readonly webhookSecret: Secret;
}

export interface ToolDraft {
  readonly kind: string;
  readonly auth: HttpAuth;
  /** Of the header or of the query value. */
  readonly authName: string;
  readonly token: Secret;
  readonly username: string;
  readonly password: Secret;
  readonly testUrl: string;
  readonly host: string;
  readonly port: number | null;
  readonly security: SmtpSecurity;
  /** JSON, for kinds without fields of their own. */
  readonly config: string;
}

/** What the form holds; only the part of its type is shown and sent. */
export interface Draft {
  readonly name: string;
  readonly type: CredentialType;
  /** Empty: the usual ones. */
  readonly hosts: readonly string[];
  readonly llm: LlmDraft;
  readonly gateway: GatewayDraft;
  readonly git: GitDraft;
  readonly tool: ToolDraft;
}

/** What there is to say about fields, by the name the form gives them; '' stands above all. */
export type Faults = Readonly<Record<string, string>>;

const EMPTY: Omit<Draft, 'type'> = {
  name: '',
  hosts: [],
  llm: { preset: 'openai', baseUrl: '', apiKey: NO_SECRET, organization: '', headers: [] },
  gateway: { adapter: 'telegram', token: NO_SECRET, allowedUsers: [], config: '' },
  git: {
    provider: 'github',
    kind: 'token',
    username: '',
    token: NO_SECRET,
    sshKey: NO_SECRET,
    webhookSecret: NO_SECRET,
  },
  tool: {
    kind: 'http',
    auth: 'bearer',
    authName: '',
    token: NO_SECRET,
    username: '',
    password: NO_SECRET,
    testUrl: '',
    host: '',
    port: 587,
    security: 'starttls',
    config: '{}',
  },
};

/** A new credential; `toolKind` presets what a tool is. */
export const newDraft = (type: CredentialType, toolKind = 'http'): Draft => ({
  ...EMPTY,
  type,
  tool: { ...EMPTY.tool, kind: toolKind },
});

type Shown = Readonly<Record<string, unknown>>;
const textOf = (shown: Shown, name: string, fallback = ''): string => {
  const value = shown[name];
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : fallback;
};
const objectOf = (value: unknown): Shown =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Shown) : {};

/** A stored credential for editing. */
export function draftOf(credential: Credential): Draft {
  const { name, credential_type: type, detail, hosts } = credential;
  const usual = usualHosts(type, detail);
  const isUsual = usual.length === hosts.length && usual.every((host) => hosts.includes(host));
  const part = {
    llm: () => ({ llm: llmOf(detail) }),
    gateway: () => ({ gateway: gatewayOf(detail) }),
    git: () => ({ git: gitOf(detail) }),
    tool: () => ({ tool: toolOf(detail) }),
  }[type];
  return { ...EMPTY, name, type, hosts: isUsual ? [] : hosts, ...part() };
}

function llmOf(shown: Shown): LlmDraft {
  const baseUrl = textOf(shown, 'base_url');
  return {
    preset: presetOf(textOf(shown, 'provider_type'), baseUrl).id,
    baseUrl,
    apiKey: keptSecret(shown['api_key']),
    organization: textOf(shown, 'organization_id'),
    headers: Object.entries(objectOf(shown['custom_headers'])).map(([name, value], key) => ({
      key,
      name,
      value: keptSecret(value),
    })),
  };
}

function gatewayOf(shown: Shown): GatewayDraft {
  const allowed = shown['allowed_user_ids'];
  const listed = Array.isArray(allowed) ? allowed.map(String) : textOf(shown, 'allowed_user_ids').split(',');
  return {
    adapter: textOf(shown, 'adapter_type', 'generic'),
    // The gateway has it; here nothing of it is known.
    token: keptSecret('****'),
    allowedUsers: listed.map((one) => one.trim()).filter((one) => one !== ''),
    config: '',
  };
}

const gitOf = (shown: Shown): GitDraft => ({
  provider: textOf(shown, 'provider', 'github'),
  kind: shown['credential_type'] === 'ssh_key' ? 'ssh_key' : 'token',
  username: textOf(shown, 'username'),
  token: keptSecret(shown['access_token']),
  sshKey: keptSecret(shown['ssh_private_key']),
  webhookSecret: keptSecret('****'),
});

function toolOf(shown: Shown): ToolDraft {
  const config = objectOf(shown['config']);
  const port = Number(config['port']);
  return {
    kind: textOf(shown, 'tool_type', 'api'),
    auth: (['bearer', 'header', 'basic', 'query'] as const).find((one) => one === config['auth']) ?? 'bearer',
    authName: textOf(config, 'name'),
    token: keptSecret(config['token']),
    username: textOf(config, 'username'),
    password: keptSecret(config['password']),
    testUrl: textOf(config, 'test_url'),
    host: textOf(config, 'host'),
    port: Number.isInteger(port) && port > 0 ? port : null,
    security: (['starttls', 'tls', 'none'] as const).find((one) => one === config['security']) ?? 'starttls',
    config: JSON.stringify(config, null, 2),
  };
}

/** The hosts a credential goes to unless others are named. */
export function usualHostsOf({ type, llm, git, tool }: Draft): string[] {
  const detail = {
    llm: { provider_type: presetById(llm.preset).providerType, base_url: llm.baseUrl },
    gateway: {},
    git: { provider: git.provider },
    tool: { tool_type: tool.kind, config: { host: tool.host } },
  }[type];
  return usualHosts(type, detail);
}

/** Why a text is no JSON object; null when it is one. */
export function objectFault(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? null : 'Write an object of names and values.';
  } catch (error) {
    return `This is not valid JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** What the form can see by itself. */
export function faultsOf(draft: Draft): Faults {
  const part = { llm: llmFaults, gateway: gatewayFaults, git: gitFaults, tool: toolFaults }[draft.type];
  const wrongHost = draft.hosts.find((host) => hostPattern(host) === null);
  return {
    ...(draft.name.trim() === '' && { name: 'Give the credential a name.' }),
    ...(wrongHost !== undefined && {
      hosts: `“${wrongHost}” is no host. Write example.com, *.example.com or example.com:8443.`,
    }),
    ...part(draft),
  };
}

function llmFaults({ llm }: Draft): Faults {
  const preset = presetById(llm.preset);
  if (preset.providerType === 'openai_compatible' && llm.baseUrl.trim() === '') {
    return { base_url: 'Enter the address of the provider, such as https://example.com/v1.' };
  }
  const nameless = llm.headers.some(({ name, value }) => name.trim() === '' && hasSecret(value));
  return nameless ? { custom_headers: 'Give every header a name.' } : {};
}

function gatewayFaults({ gateway }: Draft): Faults {
  const config = gateway.config.trim() === '' ? null : objectFault(gateway.config);
  return {
    ...(!hasSecret(gateway.token) && { token: 'Enter the token of the bot.' }),
    ...(config !== null && { config }),
  };
}

function gitFaults({ git }: Draft): Faults {
  if (git.kind === 'ssh_key')
    return hasSecret(git.sshKey) ? {} : { ssh_private_key: 'Paste the private key.' };
  return hasSecret(git.token) ? {} : { access_token: 'Enter the access token.' };
}

function toolFaults({ tool, hosts }: Draft): Faults {
  if (tool.kind === 'smtp') return tool.host.trim() === '' ? { host: 'Enter the mail server.' } : {};
  if (tool.kind !== 'http') {
    const config = objectFault(tool.config);
    return config === null ? {} : { config };
  }
  const isNamed = tool.auth === 'header' || tool.auth === 'query';
  return {
    ...(hosts.length === 0 && { hosts: 'Name at least one host. The secret is sent to no other.' }),
    ...(isNamed && tool.authName.trim() === '' && { authName: `Name the ${NAMED[tool.auth]}.` }),
    ...(tool.auth !== 'basic' && !hasSecret(tool.token) && { authToken: 'Enter the secret.' }),
    ...(tool.auth === 'basic' && tool.username.trim() === '' && { username: 'Enter the user name.' }),
  };
}

const NAMED: Readonly<Record<string, string>> = { header: 'header', query: 'query value' };
