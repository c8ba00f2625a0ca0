/**
 * What runs may not do by themselves, whatever their owner may: it takes a person who has signed in, or it would let a
 * model read or set what it must not know, or answer the questions that are there to hold it back.
 */
const CLOSED_AREAS: ReadonlySet<string> = new Set([
  'auth',
  'mfa',
  'sessions',
  'sockets',
  'audit',
  'settings',
]);

export const CLOSED_OPERATIONS: readonly string[] = [
  'users.updateMe',
  'users.keys',
  'users.createKey',
  'users.revokeKey',
  'users.create',
  'users.update',
  'users.disable',
  'users.resetMfa',
  'users.userKeys',
  'users.createUserKey',
  'users.revokeUserKey',
  // A new address or key of a credential decides where its secrets go.
  'credentials.create',
  'credentials.update',
  // People are asked so that the run does not decide.
  'approvals.resume',
  // What holds runs back is not theirs to lift.
  'quotas.update',
  'budgets.put',
  'budgets.remove',
  'models.setPrice',
  'models.removePrice',
  'models.resetPrices',
  'chat.savePage',
  // These spend on models outside of the run and its budgets.
  'workflows.propose',
  'memorySearch.set',
  'memorySearch.test',
  'memorySearch.rebuild',
  'mcp.setOffer',
];

/** Whether a run may not call an operation of the contract, by its `area.operation`. */
export function isClosed(id: string): boolean {
  const [area = ''] = id.split('.');
  return CLOSED_AREAS.has(area) || CLOSED_OPERATIONS.includes(id);
}

/** What is shown once and therefore never to a model, by operation. */
const SHOWN_ONCE: Readonly<Record<string, readonly string[]>> = {
  'agents.create': ['key'],
  'webhooks.renewSecret': ['secret'],
};

export const MASK = '********';

/** An answer as a run may see it. */
export function withoutSecrets(id: string, body: unknown): unknown {
  const hidden = SHOWN_ONCE[id];
  if (hidden === undefined || typeof body !== 'object' || body === null) return body;
  return { ...body, ...Object.fromEntries(hidden.map((key) => [key, MASK])) };
}
