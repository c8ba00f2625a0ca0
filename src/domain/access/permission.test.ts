import { describe, expect, it } from 'vitest';
import { MEMBER_ROLES, type MemberRole, may, PERMISSIONS, type Permission, refusal } from './permission.ts';

const all = Object.keys(PERMISSIONS) as Permission[];
const member = (memberRole: MemberRole | null) => ({ role: 'normal', memberRole }) as const;

describe('permissions', () => {
  it('are all with administrators of the installation', () => {
    expect(all.filter((one) => !may({ role: 'admin', memberRole: null }, one))).toEqual([]);
  });

  it('grow with the role in the environment', () => {
    const counts = MEMBER_ROLES.map((role) => all.filter((one) => may(member(role), one)).length);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(new Set(counts.slice(0, 3)).size).toBe(3);
  });

  it('of the installation are with nobody else', () => {
    const kept = all.filter((one) => PERMISSIONS[one] === 'administrator');
    expect(kept).toContain('user.manage');
    expect(kept.filter((one) => may(member('owner'), one))).toEqual([]);
    expect(refusal('user.manage')).toBe('Admin access required.');
  });

  it('leave somebody who is no member any more their account only', () => {
    expect(all.filter((one) => may(member(null), one))).toEqual(['account.use', 'settings.read']);
  });

  it('say which role it takes', () => {
    expect(may(member('viewer'), 'workflow.edit')).toBe(false);
    expect(refusal('workflow.edit')).toContain('“editor”');
  });
});
