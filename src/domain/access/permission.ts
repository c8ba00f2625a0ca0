/** What somebody may be in an environment; each may do everything the ones before it may. */
export const MEMBER_ROLES = ['viewer', 'operator', 'editor', 'admin', 'owner'] as const;
export type MemberRole = (typeof MEMBER_ROLES)[number];

/** The least a caller must be: signed in, of a role in their environment, or an administrator of the installation. */
type Need = 'signed_in' | MemberRole | 'administrator';

/** Every permission and who has it. The only such table; operations of the contract name one of them each. */
export const PERMISSIONS = {
  'account.use': 'signed_in',
  'user.manage': 'administrator',
  'agent.read': 'viewer',
  'agent.manage': 'editor',
  'workflow.read': 'viewer',
  'workflow.run': 'operator',
  'workflow.edit': 'editor',
  'execution.read': 'viewer',
  'execution.run': 'operator',
  'execution.delete': 'editor',
  'approval.read': 'viewer',
  'approval.decide': 'operator',
  'schedule.read': 'viewer',
  'schedule.run': 'operator',
  'schedule.edit': 'editor',
  'credential.read': 'viewer',
  'credential.edit': 'editor',
  'memory.read': 'administrator',
  'memory.delete': 'administrator',
  'memory.configure': 'admin',
  'epic.read': 'viewer',
  'epic.edit': 'operator',
  'sandbox.read': 'viewer',
  'sandbox.edit': 'editor',
  'model.read': 'viewer',
  'price.edit': 'administrator',
  'budget.edit': 'admin',
  'chat.use': 'operator',
  'settings.read': 'signed_in',
  'settings.edit': 'administrator',
  'audit.read': 'administrator',
} as const satisfies Readonly<Record<string, Need>>;

export type Permission = keyof typeof PERMISSIONS;

/** Somebody, as far as permissions go. */
export interface Standing {
  /** In the installation. */
  readonly role: 'admin' | 'normal';
  /** In the environment they work in; null: they are no member of it any more. */
  readonly memberRole: MemberRole | null;
}

/** Whether somebody has a permission. Administrators of the installation have all of them. */
export function may(who: Standing, permission: Permission): boolean {
  const need: Need = PERMISSIONS[permission];
  if (who.role === 'admin' || need === 'signed_in') return true;
  if (need === 'administrator' || who.memberRole === null) return false;
  return MEMBER_ROLES.indexOf(who.memberRole) >= MEMBER_ROLES.indexOf(need);
}

/** Why a permission is refused, and who has it. */
export function refusal(permission: Permission): string {
  const need: Need = PERMISSIONS[permission];
  if (need === 'administrator') return 'Admin access required.';
  return `Your role in this environment does not allow this: it takes at least the role “${need}”.`;
}
