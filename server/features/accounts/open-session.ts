import type { RequestContext } from '../handler.ts';
import { issueSession } from './credential.ts';
import { SESSION_SECONDS } from './identity.ts';
import type { Issue } from './sign-in.ts';

/**
 * Signs a browser in: once `step` has handed out a session, its cookie is set.
 * @returns false when the step hands nothing out yet, because a code is to come first.
 */
export async function openSession(
  context: RequestContext,
  step: (issue: Issue<string>) => Promise<string | null>,
): Promise<boolean> {
  const token = await step((trx, userId) => issueSession(trx, userId, context.userAgent));
  if (token !== null) context.setSession(token, SESSION_SECONDS);
  return token !== null;
}
