import { z } from 'zod';
import { text } from '#domain/text.ts';
import { tokenOut } from './account.ts';
import { operation } from './operation.ts';

const none = z.object({});
const code = z
  .string()
  .regex(/^[0-9]{6}$/)
  .describe('The six digits the authenticator app shows.');
const recoveryCode = text(64).optional().describe('One of the recovery codes instead of `code`.');
const password = text(1024)
  .optional()
  .describe(
    'Needed from a browser that signed in more than ten minutes ago; without it the answer is 403 with `reason: "reauth_required"`.',
  );
const state = z.object({ mfa_enabled: z.boolean() });
const recoveryCodes = z.array(z.string()).describe('Shown this once; each works once.');
const secondStep = z.object({
  username: text(150),
  code: code.optional(),
  recovery_code: recoveryCode,
});

/**
 * The second factor. `loginVerify` and `openSession` work within five minutes and five tries of a right password at
 * `auth.token` or `auth.openSession`. A long-lived API key can neither set MFA up nor turn it off.
 */
export const mfa = {
  status: operation({
    method: 'get',
    path: '/auth/mfa/status',
    status: 200,
    access: 'account.use',
    summary: 'Whether MFA is on for you',
    input: none,
    output: state.extend({ recovery_codes_left: z.int() }),
  }),
  setup: operation({
    method: 'post',
    path: '/auth/mfa/setup',
    status: 200,
    access: 'account.use',
    summary: 'Begin to turn MFA on; nothing changes until `verify`, within 15 minutes',
    input: z.object({ password }),
    output: z.object({
      secret: z.string().describe('Base32, to type in by hand.'),
      provisioning_uri: z.string().describe('To show as a QR code.'),
    }),
  }),
  verify: operation({
    method: 'post',
    path: '/auth/mfa/verify',
    status: 200,
    access: 'account.use',
    summary: 'Turn MFA on with a first code; signs you out everywhere else',
    input: z.object({ code }),
    output: state.extend({ recovery_codes: recoveryCodes }),
  }),
  disable: operation({
    method: 'post',
    path: '/auth/mfa/disable',
    status: 200,
    access: 'account.use',
    summary: 'Turn MFA off with a code or a recovery code; signs you out everywhere else',
    input: z.object({ code: code.optional(), recovery_code: recoveryCode, password }),
    output: state,
  }),
  renewRecoveryCodes: operation({
    method: 'post',
    path: '/auth/mfa/recovery-codes',
    status: 200,
    access: 'account.use',
    summary: 'Get ten new recovery codes for a code; the old ones stop working',
    input: z.object({ code, password }),
    output: z.object({ recovery_codes: recoveryCodes }),
  }),
  reset: operation({
    method: 'post',
    path: '/auth/mfa/reset',
    status: 200,
    access: 'account.use',
    summary: 'Turn your MFA off without a code; only from the machine Pipewright runs on',
    input: none,
    output: state,
  }),
  loginVerify: operation({
    method: 'post',
    path: '/auth/mfa/login-verify',
    status: 200,
    access: 'public',
    summary: 'Second step of signing in: exchange a code for a key',
    input: secondStep,
    output: tokenOut,
  }),
  openSession: operation({
    method: 'post',
    path: '/auth/mfa/session-verify',
    status: 200,
    access: 'public',
    summary: 'Second step of signing a browser in; sets an HttpOnly cookie',
    input: secondStep,
    output: z.object({ requires_mfa: z.boolean() }),
  }),
} as const;
