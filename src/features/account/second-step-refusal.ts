import type { ClientProblem } from '#client/problem.ts';

/** Why the second step did not go through, in words that say what to do. */
export interface Refusal {
  readonly message: string;
  /** Not about the code: shown above the field instead of below it. */
  readonly general?: boolean;
  /** The password is asked for again. */
  readonly startOver?: boolean;
}

/** From here on it is worth saying that the account may be locked. */
const MANY = 3;

/**
 * The server answers a wrong, a used and a locked code alike, so that nobody learns which it was. What helps depends on
 * how often it was tried here.
 */
export function readRefusal(
  problem: Pick<ClientProblem, 'status' | 'message' | 'detail'>,
  tried: { way: 'app' | 'recovery'; failures: number },
): Refusal {
  if (problem.status === 401 && problem.detail === 'Invalid credentials.') {
    return {
      message: 'This sign-in took too long or was tried too often. Enter your password again.',
      startOver: true,
    };
  }
  if (problem.status !== 401) return { message: problem.message, general: true };
  if (tried.way === 'recovery') {
    return { message: 'This recovery code was not accepted. Each one works once: try another.' };
  }
  if (tried.failures < MANY) {
    return { message: 'This code was not accepted. Wait for the next one in your app: each works once.' };
  }
  return {
    message:
      'Still not accepted. Check that the clock of the device with the app is right, or use a recovery code. After ten wrong codes every code is refused for 15 minutes.',
  };
}
