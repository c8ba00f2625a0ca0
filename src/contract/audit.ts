import { z } from 'zod';
import { pageOf, paging } from '#domain/page.ts';
import { text } from '#domain/text.ts';
import { operation } from './operation.ts';

const time = z.string().describe('UTC, ISO 8601 with Z.');

const auditEventOut = z
  .object({
    id: z.int(),
    action: z.string().describe('Such as `sign_in` or `credential_changed`.'),
    actor_id: z.int().nullable().describe('Null: nobody who is known, such as whoever failed to sign in.'),
    actor_username: z.string().nullable().describe('Null also for accounts that are gone.'),
    environment_id: z.int().nullable(),
    environment_name: z.string().nullable(),
    address: z.string().nullable().describe('The network address it came from.'),
    target: z.string().nullable().describe('What it was done to.'),
    detail: z
      .record(z.string(), z.unknown())
      .describe('Names and keys that were changed; never their values.'),
    created_at: time,
    hash: z.string().describe('SHA-256 of this entry and the hash of the one before it, in hex.'),
  })
  .meta({ id: 'AuditEvent' });

const auditHeadOut = z
  .object({ n: z.int(), hash: z.string() })
  .meta({ id: 'AuditHead' })
  .describe(
    'The newest entry’s place in the chain. Noted elsewhere, it shows later that nothing was cut off.',
  );

const auditVerdictOut = z
  .object({
    valid: z.boolean(),
    checked: z.int().describe('Entries whose hash was computed again.'),
    pruned: z
      .int()
      .describe('Entries that were removed after their year; the chain goes on from their hash.'),
    broken: z
      .object({ n: z.int(), id: z.int(), reason: z.enum(['missing', 'changed', 'unchained', 'head']) })
      .nullable()
      .describe(
        'The first entry that is missing, was changed, or was never chained; or the noted head is not there.',
      ),
    head: auditHeadOut.nullable().describe('Null while there is no entry.'),
  })
  .meta({ id: 'AuditVerdict' });

const moment = text(64).optional();

/** What was done to accounts, keys, credentials and workflows; only added to. */
export const audit = {
  list: operation({
    method: 'get',
    path: '/audit',
    status: 200,
    access: 'audit.read',
    summary: 'The audit log, newest first',
    input: z.object({
      ...paging,
      action: text(1000).optional().describe('One action, or several with commas between them.'),
      actor: text(150).optional().describe('A username; upper and lower case are the same.'),
      q: text(200).optional().describe('Text in the action, target, address, username or detail.'),
      from: moment.describe('Not before this date or time; without a zone it is UTC.'),
      to: moment.describe('Before this time; a date alone means up to its end.'),
      sort: z
        .enum(['created_at', '-created_at', ''])
        .optional()
        .describe('Newest first unless it says otherwise.'),
    }),
    output: pageOf(auditEventOut),
  }),
  verify: operation({
    method: 'get',
    path: '/audit/verify',
    status: 200,
    access: 'audit.read',
    summary: 'Compute the audit log’s chain of hashes again',
    input: z.object({
      head_n: z
        .int()
        .min(1)
        .max(Number.MAX_SAFE_INTEGER)
        .optional()
        .describe('The place of a head noted earlier.'),
      head_hash: text(64).optional().describe('Its hash.'),
    }),
    output: auditVerdictOut,
  }),
} as const;
