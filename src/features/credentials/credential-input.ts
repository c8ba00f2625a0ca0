import type { InputOf } from '#contract/contract.ts';
import type { Draft, Faults, HeaderDraft } from './credential-draft.ts';
import { presetById } from './llm-preset.ts';
import { changedSecret, hasSecret, type Secret, secretInside } from './secret.ts';

type Detail = NonNullable<InputOf<'credentials', 'create'>['detail']>;

/** The draft as the API takes it. Secrets that stay are left out, or stand masked inside what is sent whole. */
export function inputOf(draft: Draft): { name: string; detail: Detail; hosts: string[] | null } {
  const detail = { llm: llmDetail, gateway: gatewayDetail, git: gitDetail, tool: toolDetail }[draft.type](
    draft,
  );
  return {
    name: draft.name.trim(),
    detail,
    hosts: draft.hosts.length === 0 ? null : [...draft.hosts],
  };
}

/** Keys without a value are left out. */
const given = (fields: Readonly<Record<string, Detail[string] | undefined>>): Detail =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  ) as Detail;

function llmDetail({ llm }: Draft): Detail {
  return given({
    provider_type: presetById(llm.preset).providerType,
    base_url: llm.baseUrl.trim(),
    organization_id: llm.organization.trim(),
    api_key: changedSecret(llm.apiKey),
    custom_headers: headersOf(llm.headers),
  });
}

const headersOf = (headers: readonly HeaderDraft[]): Record<string, string> =>
  Object.fromEntries(
    headers
      .filter(({ name }) => name.trim() !== '')
      .map(({ name, value }) => [name.trim(), secretInside(value)]),
  );

function gatewayDetail({ gateway }: Draft): Detail {
  return given({
    adapter_type: gateway.adapter,
    token: changedSecret(gateway.token),
    allowed_user_ids: gateway.allowedUsers.length === 0 ? undefined : [...gateway.allowedUsers],
    config: gateway.config.trim() === '' ? undefined : parsed(gateway.config),
  });
}

function gitDetail({ git }: Draft): Detail {
  const isKey = git.kind === 'ssh_key';
  return given({
    provider: git.provider,
    credential_type: git.kind,
    username: git.username.trim(),
    access_token: isKey ? undefined : changedSecret(git.token),
    ssh_private_key: isKey ? changedSecret(git.sshKey) : undefined,
    webhook_secret: changedSecret(git.webhookSecret),
  });
}

function toolDetail({ tool }: Draft): Detail {
  return { tool_type: tool.kind, config: toolConfig(tool) };
}

function toolConfig(tool: Draft['tool']): Detail {
  if (tool.kind !== 'http' && tool.kind !== 'smtp') return parsed(tool.config);
  // What other clients have put beside the fields of the form stays.
  const { auth, name, token, username, password, test_url, host, port, security, ...rest } = parsed(
    tool.config,
  );
  if (tool.kind === 'smtp') {
    return {
      ...rest,
      host: tool.host.trim(),
      ...(tool.port !== null && { port: tool.port }),
      security: tool.security,
      ...login(tool.username, tool.password),
    };
  }
  const isNamed = tool.auth === 'header' || tool.auth === 'query';
  return {
    ...rest,
    auth: tool.auth,
    ...(isNamed && { name: tool.authName.trim() }),
    ...(tool.auth === 'basic' ? login(tool.username, tool.password) : { token: secretInside(tool.token) }),
    ...(tool.testUrl.trim() !== '' && { test_url: tool.testUrl.trim() }),
  };
}

const login = (username: string, password: Secret): Detail => ({
  ...(username.trim() !== '' && { username: username.trim() }),
  ...(hasSecret(password) && { password: secretInside(password) }),
});

const parsed = (text: string): Detail => JSON.parse(text) as Detail;

/** The server's complaints by the names the form gives its fields. */
export function faultsFrom(problem: {
  readonly fields: Readonly<Record<string, string>>;
  readonly message: string;
}): Faults {
  const known = Object.entries(problem.fields).map(([path, message]) => {
    const parts = path.split('.').filter((part) => part !== 'detail' || path === 'detail');
    return [parts[0] ?? '', message] as const;
  });
  if (known.length === 0) return { '': problem.message };
  return Object.fromEntries(known.map(([field, message]) => [FIELDS.includes(field) ? field : '', message]));
}

const FIELDS: readonly string[] = [
  'name',
  'hosts',
  'base_url',
  'api_key',
  'organization_id',
  'custom_headers',
  'token',
  'config',
  'allowed_user_ids',
  'username',
  'access_token',
  'ssh_private_key',
  'webhook_secret',
];
