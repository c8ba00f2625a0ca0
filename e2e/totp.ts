import { generateSync } from 'otplib';

const STEP_SECONDS = 30;
const now = (): number => Math.floor(Date.now() / 1000);

/** The six digits an authenticator app shows now for a key, as it is read off the screen. */
export const codeOf = (key: string): string => generateSync({ secret: key.replaceAll(/\s/g, '') });

/** Six digits that are right neither now nor in the next minutes. */
export function wrongCodeOf(key: string): string {
  const secret = key.replaceAll(/\s/g, '');
  const right = new Set(
    Array.from({ length: 20 }, (_, step) =>
      generateSync({ secret, epoch: now() + (step - 5) * STEP_SECONDS }),
    ),
  );
  for (let code = 0; ; code += 1) {
    const digits = String(code).padStart(6, '0');
    if (!right.has(digits)) return digits;
  }
}
