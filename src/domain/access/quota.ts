interface Quota {
  readonly limit: number;
  /** Whose things are counted. */
  readonly of: 'environment' | 'user';
  readonly noun: string;
  /** What whoever has reached it can do. */
  readonly wayOut: string;
}

const DELETE = 'Delete some, or ask an administrator for more.';

/** How much there may be of everything that can be made without end. An environment may have limits of its own. */
export const QUOTAS = {
  workflows: { limit: 10_000, of: 'environment', noun: 'workflows', wayOut: DELETE },
  webhooks: { limit: 500, of: 'environment', noun: 'webhook triggers', wayOut: DELETE },
  schedules: { limit: 500, of: 'environment', noun: 'schedules', wayOut: DELETE },
  credentials: { limit: 500, of: 'environment', noun: 'credentials', wayOut: DELETE },
  api_keys: {
    limit: 200,
    of: 'user',
    noun: 'active API keys',
    wayOut: 'Revoke some, or ask an administrator for more.',
  },
  queued_runs: {
    limit: 10_000,
    of: 'environment',
    noun: 'queued runs',
    wayOut: 'Wait until some have started, or ask an administrator for more.',
  },
} as const satisfies Readonly<Record<string, Quota>>;

export type QuotaName = keyof typeof QUOTAS;
export const QUOTA_NAMES = Object.keys(QUOTAS) as QuotaName[];

/** An environment's own limits, by name; the others are the usual ones. */
export type OwnQuotas = { readonly [K in QuotaName]?: number };

export const limitOf = (name: QuotaName, own: OwnQuotas | null): number => own?.[name] ?? QUOTAS[name].limit;

/** Why something more is refused, and the way out. */
export function quotaRefusal(name: QuotaName, limit: number): string {
  const { of, noun, wayOut } = QUOTAS[name];
  const whose = of === 'user' ? 'This account' : 'This environment';
  return `${whose} may have ${limit.toLocaleString('en-US')} ${noun} (quota “${name}”). ${wayOut}`;
}
