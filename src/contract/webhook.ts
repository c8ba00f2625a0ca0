import { z } from 'zod';
import { text } from '#domain/text.ts';
import { operation } from './operation.ts';

const one = { workflow_slug: text(300), node: text(300) };
const time = z.string().describe('UTC, ISO 8601 with Z.');

/** The secrets callers of webhook triggers sign with or show. */
export const webhooks = {
  secret: operation({
    method: 'get',
    path: '/workflows/{workflow_slug}/nodes/{node}/webhook-secret',
    status: 200,
    access: 'workflow.read',
    summary: 'Whether a webhook trigger has a secret',
    input: z.object(one),
    output: z
      .object({ has_secret: z.boolean(), changed_at: time.nullable() })
      .meta({ id: 'WebhookSecretState' }),
  }),
  renewSecret: operation({
    method: 'post',
    path: '/workflows/{workflow_slug}/nodes/{node}/webhook-secret',
    status: 200,
    access: 'workflow.edit',
    summary:
      'Give a webhook trigger a new secret, shown this once; the old one is worth nothing from then on',
    input: z.object({
      ...one,
      secret: text(200).min(16).nullish().describe('One of your own, such as what the caller gave you.'),
    }),
    output: z.object({ secret: z.string(), changed_at: time }).meta({ id: 'WebhookSecret' }),
  }),
} as const;
