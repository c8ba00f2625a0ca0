import { generateSecret, generateURI, verifySync } from 'otplib';

const ISSUER = 'Pipewright';
const PERIOD_SECONDS = 30;

/** 160 random bits in Base32. */
export const newTotpSecret = (): string => generateSecret();

/** What an authenticator app reads from the QR code. */
export const provisioningUri = (username: string, secret: string): string =>
  generateURI({ issuer: ISSUER, label: username, secret });

/**
 * The time step a code belongs to: the current one or one of its neighbours; null for every other code, malformed
 * ones included, for which the library throws.
 */
export function matchedStep(secret: string, code: string): number | null {
  if (!/^[0-9]{6}$/.test(code)) return null;
  const found = verifySync({ secret, token: code, period: PERIOD_SECONDS, epochTolerance: PERIOD_SECONDS });
  return found.valid && 'timeStep' in found ? found.timeStep : null;
}
