'use client';

import { Lock } from 'lucide-react';
import type { ReactNode } from 'react';
import { RelativeTime } from '#ui/relative-time.tsx';
import type { Credential } from './credential.ts';

const LABELS: Readonly<Record<string, string>> = {
  provider_type: 'Provider',
  base_url: 'Address',
  api_key: 'API key',
  organization_id: 'Organization',
  custom_headers: 'Headers',
  gateway_credential_id: 'Name at the gateway',
  adapter_type: 'Messenger',
  allowed_user_ids: 'Allowed users',
  credential_type: 'Kind of secret',
  ssh_private_key: 'Private key',
  access_token: 'Access token',
  tool_type: 'Tool',
  auth: 'Signs with',
  test_url: 'Test address',
};
const WORDS: Readonly<Record<string, string>> = {
  openai_compatible: 'OpenAI protocol',
  openai: 'OpenAI',
  anthropic: 'Anthropic',
  github: 'GitHub',
  gitlab: 'GitLab',
  bitbucket: 'Bitbucket',
  token: 'Access token',
  ssh_key: 'SSH key',
  bearer: 'Bearer token',
  header: 'Header',
  basic: 'User name and password',
  query: 'Query value',
  starttls: 'STARTTLS',
  tls: 'TLS',
};
const labelOf = (name: string): string => {
  const words = name.replaceAll('_', ' ');
  return LABELS[name] ?? words.charAt(0).toUpperCase() + words.slice(1);
};

/** Everything that may be shown of a credential; secrets are masked. */
export function CredentialFacts({ credential }: { credential: Credential }) {
  const { hosts, detail, created_at, updated_at, last_used_at } = credential;
  return (
    <dl className="flex flex-col gap-3 text-sm">
      {factsIn(detail).map(([name, value]) => (
        <Fact key={name} name={labelOf(name)}>
          {value.includes('****') ? (
            <span className="flex min-h-5 items-center gap-1.5">
              <Lock className="size-3.5 text-subtle" aria-hidden />
              <span className="font-mono text-xs">{value}</span>
            </span>
          ) : (
            (WORDS[value] ?? value)
          )}
        </Fact>
      ))}
      <Fact name="Sent to">
        {hosts.length === 0 ? (
          <span className="text-subtle">Nowhere: no host is named.</span>
        ) : (
          <ul>
            {hosts.map((host) => (
              <li key={host} className="font-mono text-xs leading-5">
                {host}
              </li>
            ))}
          </ul>
        )}
      </Fact>
      <Fact name="Last used">{last_used_at === null ? 'Never' : <RelativeTime value={last_used_at} />}</Fact>
      <Fact name="Changed">
        <RelativeTime value={updated_at} />
      </Fact>
      <Fact name="Created">
        <RelativeTime value={created_at} />
      </Fact>
    </dl>
  );
}

/** Every value that says something, those of a tool’s config among them. */
function factsIn(detail: Readonly<Record<string, unknown>>): [string, string][] {
  return Object.entries(detail).flatMap(([name, value]): [string, string][] => {
    if (value === '' || value === null || name === 'is_preferred') return [];
    if (Array.isArray(value)) return value.length === 0 ? [] : [[name, value.map(String).join(', ')]];
    if (typeof value !== 'object') return [[name, String(value)]];
    return name === 'config'
      ? factsIn(value as Readonly<Record<string, unknown>>)
      : Object.entries(value as object).map(([key, one]) => [key, String(one)]);
  });
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[8.5rem_1fr] gap-3">
      <dt className="text-subtle">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}
