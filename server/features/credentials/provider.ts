import { type Detail, isAnthropic, llmBase } from '#domain/credential/detail.ts';
import { isBoundTo } from '#domain/credential/host.ts';
import { httpAdditions, mailServerOf } from '#domain/credential/http-auth.ts';
import type { CredentialType } from '#domain/credential/kind.ts';
import { StepError } from '#domain/node/executor.ts';
import type { Egress, EgressResponse } from '#server/egress/client.ts';
import { EgressError } from '#server/egress/egress-error.ts';
import type { Mailer } from '#server/mail/mailer.ts';
import { sshKeyProblem } from './ssh-key.ts';

/** A credential with its secrets, on its way to being tried. */
export interface OpenedCredential {
  readonly name: string;
  readonly type: CredentialType;
  readonly detail: Detail;
  readonly hosts: readonly string[];
}

export interface ProviderOptions {
  readonly egress: Egress;
  readonly mailer: Mailer;
}

export interface Model {
  readonly id: string;
  readonly name: string;
}

export const AUTH_FAILED = 'Authentication failed - invalid API key';
const TIMEOUT_MS = 15_000;
const MAX_BYTES = 2 * 1024 * 1024;
const MAX_MODELS = 5_000;

/** Where it does not say itself. */
const ANTHROPIC_MODELS: readonly Model[] = [
  { id: 'claude-haiku-4-5', name: 'Claude Haiku 4.5' },
  { id: 'claude-opus-4-1', name: 'Claude Opus 4.1' },
  { id: 'claude-opus-4-5', name: 'Claude Opus 4.5' },
  { id: 'claude-sonnet-4-5', name: 'Claude Sonnet 4.5' },
];

/** Tries a credential on its provider. @returns the class of the failure; empty: it works */
export async function tryCredential(options: ProviderOptions, one: OpenedCredential): Promise<string> {
  try {
    if (one.type === 'llm') return problemOf(await askModels(options.egress, one));
    if (one.type === 'git') return await tryGit(options.egress, one);
    return await tryTool(options, one);
  } catch (error) {
    if (error instanceof EgressError || error instanceof StepError) return error.message;
    throw error;
  }
}

/** The models a provider offers, by id; empty when it does not say. */
export async function modelsOf(egress: Egress, one: OpenedCredential): Promise<Model[]> {
  const fallback = isAnthropic(one.detail) ? [...ANTHROPIC_MODELS] : [];
  try {
    const answer = await askModels(egress, one);
    if (problemOf(answer) !== '') return fallback;
    const models = modelsIn(JSON.parse(answer.body));
    return models.length === 0 ? fallback : models;
  } catch (error) {
    if (error instanceof EgressError || error instanceof SyntaxError) return fallback;
    throw error;
  }
}

function askModels(egress: Egress, one: OpenedCredential): Promise<EgressResponse> {
  const base = llmBase(one.detail);
  if (base === null) {
    throw new EgressError('bad_url', 'No address: enter the base_url of the provider.');
  }
  return get(egress, one, `${base}/models`);
}

/** `{data: [...]}` or a bare list. */
function modelsIn(body: unknown): Model[] {
  const data = typeof body === 'object' && body !== null && 'data' in body ? body.data : body;
  if (!Array.isArray(data)) return [];
  const models = data.slice(0, MAX_MODELS).flatMap((entry: unknown): Model[] => {
    const id = typeof entry === 'object' && entry !== null && 'id' in entry ? entry.id : entry;
    if (typeof id !== 'string' || id === '') return [];
    const named = entry as { display_name?: unknown; name?: unknown };
    const name = [named.display_name, named.name].find((text) => typeof text === 'string' && text !== '');
    return [{ id, name: typeof name === 'string' ? name : id }];
  });
  return models.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

const GIT_USER: Readonly<Record<string, string>> = {
  github: 'https://api.github.com/user',
  gitlab: 'https://gitlab.com/api/v4/user',
  bitbucket: 'https://api.bitbucket.org/2.0/user',
};

async function tryGit(egress: Egress, one: OpenedCredential): Promise<string> {
  const { detail, hosts } = one;
  if (detail['credential_type'] === 'ssh_key') return sshKeyProblem(String(detail['ssh_private_key'] ?? ''));
  const provider = String(detail['provider'] ?? '').toLowerCase();
  const own = hosts.find((host) => !host.startsWith('*.'));
  const isOwn = own !== undefined && !(GIT_USER[provider] ?? '').includes(`/${own}/`) && !isPublic(own);
  const path =
    provider === 'gitlab' ? '/api/v4/user' : provider === 'github' ? '/api/v3/user' : '/api/v1/user';
  const url = isOwn ? `${schemeOf(own)}://${own}${path}` : GIT_USER[provider];
  if (url === undefined) return 'No address: add the host of the server to the hosts of the credential.';
  return problemOf(await get(egress, one, url));
}

const isPublic = (host: string): boolean => ['github.com', 'gitlab.com', 'bitbucket.org'].includes(host);
/** A port other than 443 is a server without a certificate more often than not. */
const schemeOf = (host: string): string => (/:\d+$/.test(host) && !host.endsWith(':443') ? 'http' : 'https');

async function tryTool({ egress, mailer }: ProviderOptions, one: OpenedCredential): Promise<string> {
  const { detail, hosts } = one;
  const server = mailServerOf(detail);
  if (server) {
    if (!isBoundTo(hosts, server.host, server.port)) {
      return `The credential is not bound to ${server.host}:${server.port}. Add it to its hosts.`;
    }
    try {
      await mailer.check(server, AbortSignal.timeout(TIMEOUT_MS));
      return '';
    } catch (error) {
      // What the server said stays out.
      if (error instanceof StepError && error.code === 'mail_login')
        return 'Authentication failed - invalid user name or password';
      throw error;
    }
  }
  if (detail['tool_type'] === 'smtp') return 'No mail server: enter its host.';
  const config = (detail['config'] ?? {}) as Detail;
  const given =
    typeof config['test_url'] === 'string' && config['test_url'] !== '' ? config['test_url'] : null;
  const host = hosts.find((name) => !name.startsWith('*.'));
  if (given === null && host === undefined) return 'No address: add a host, or config.test_url.';
  const status = (await get(egress, one, given ?? `${schemeOf(host ?? '')}://${host}/`)).status;
  // A server's first page is rarely there for programs; only what it says about the key counts.
  return given === null && status === 404 ? '' : problemOf({ status });
}

async function get(egress: Egress, one: OpenedCredential, url: string): Promise<EgressResponse> {
  const { type, name, detail, hosts } = one;
  const additions = httpAdditions(type, detail);
  if (!additions)
    throw new EgressError('credential_denied', 'The credential is incomplete: its secret is missing.');
  const request = {
    method: 'GET',
    url,
    headers: { accept: 'application/json' },
    body: null,
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_BYTES,
    followRedirects: true,
    auth: { ...additions, name, hosts },
  };
  return egress.request(request, new AbortController().signal);
}

function problemOf({ status }: Pick<EgressResponse, 'status'>): string {
  if (status >= 200 && status < 300) return '';
  return status === 401 || status === 403 ? AUTH_FAILED : `The provider answered ${status}.`;
}
