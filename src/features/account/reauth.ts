import { readProblem } from '#client/problem.ts';

/** Whether the server wants the password first, because it was last given too long ago. */
export function needsPassword(error: unknown): boolean {
  const { status, extra } = readProblem(error);
  return status === 403 && extra['reason'] === 'reauth_required';
}
