import { Bot, GitBranch, Globe, Mail, MessagesSquare, Search, Wrench } from 'lucide-react';
import type { ReactNode } from 'react';
import type { CredentialType, CredentialUse } from '#domain/credential/kind.ts';
import type { Credential } from './credential.ts';
import { presetOf } from './llm-preset.ts';

/** A kind of credential as a person tells them apart; tools are several. */
export interface CredentialKind {
  readonly id: string;
  readonly type: CredentialType;
  /** Of a tool. */
  readonly toolKind?: string;
  readonly label: string;
  readonly description: string;
  readonly icon: ReactNode;
  /** What steps can do with one. */
  readonly uses: readonly CredentialUse[];
}

export const CREDENTIAL_KINDS: readonly CredentialKind[] = [
  {
    id: 'http',
    type: 'tool',
    toolKind: 'http',
    label: 'HTTP',
    description: 'A token, key or login that signs HTTP requests.',
    icon: <Globe />,
    uses: ['http'],
  },
  {
    id: 'llm',
    type: 'llm',
    label: 'Language model',
    description: 'OpenAI, Anthropic, or any server that speaks the OpenAI protocol.',
    icon: <Bot />,
    uses: ['llm', 'http'],
  },
  {
    id: 'smtp',
    type: 'tool',
    toolKind: 'smtp',
    label: 'Mail account',
    description: 'A mail server and its login, to send mail with.',
    icon: <Mail />,
    uses: ['smtp'],
  },
  {
    id: 'git',
    type: 'git',
    label: 'Git',
    description: 'An access token or an SSH key for repositories.',
    icon: <GitBranch />,
    uses: ['git', 'http'],
  },
  {
    id: 'gateway',
    type: 'gateway',
    label: 'Messenger',
    description: 'A bot of Telegram or another messenger, through the message gateway.',
    icon: <MessagesSquare />,
    uses: ['gateway'],
  },
  {
    id: 'searxng',
    type: 'tool',
    toolKind: 'searxng',
    label: 'Web search',
    description: 'A SearXNG server for agents to search with.',
    icon: <Search />,
    uses: [],
  },
  {
    id: 'api',
    type: 'tool',
    toolKind: 'api',
    label: 'Another tool',
    description: 'Settings and secrets of any other tool, as JSON.',
    icon: <Wrench />,
    uses: [],
  },
];

export const TYPE_LABELS: Readonly<Record<CredentialType, string>> = {
  llm: 'Language model',
  gateway: 'Messenger',
  git: 'Git',
  tool: 'Tool',
};

const ANOTHER = CREDENTIAL_KINDS[CREDENTIAL_KINDS.length - 1] as CredentialKind;

/** The kind a stored credential is of. */
export function kindOf({
  credential_type,
  detail,
}: Pick<Credential, 'credential_type' | 'detail'>): CredentialKind {
  const tool = credential_type === 'tool' ? detail['tool_type'] : undefined;
  return CREDENTIAL_KINDS.find((kind) => kind.type === credential_type && kind.toolKind === tool) ?? ANOTHER;
}

const GIT_NAMES: Readonly<Record<string, string>> = {
  github: 'GitHub',
  gitlab: 'GitLab',
  bitbucket: 'Bitbucket',
};
const AUTH_NAMES: Readonly<Record<string, string>> = {
  bearer: 'Bearer token',
  header: 'Header',
  basic: 'User name and password',
  query: 'Query value',
};

/** What tells one of a kind from others: provider, messenger or way of signing. */
export function kindDetail({
  credential_type,
  detail,
}: Pick<Credential, 'credential_type' | 'detail'>): string {
  const text = (name: string): string => (typeof detail[name] === 'string' ? (detail[name] as string) : '');
  const config = detail['config'] as Readonly<Record<string, unknown>> | undefined;
  switch (credential_type) {
    case 'llm': {
      const preset = presetOf(text('provider_type'), text('base_url'));
      return preset.id === 'other' ? text('base_url') || text('provider_type') : preset.label;
    }
    case 'gateway':
      return text('adapter_type');
    case 'git':
      return GIT_NAMES[text('provider')] ?? text('provider');
    case 'tool':
      if (text('tool_type') === 'http') return AUTH_NAMES[String(config?.['auth'] ?? 'bearer')] ?? '';
      if (text('tool_type') === 'smtp') return String(config?.['host'] ?? '');
      return text('tool_type');
  }
}
