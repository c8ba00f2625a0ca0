import { randomBytes } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { z } from 'zod';
import type { Contract, OutputOf } from '#contract/contract.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import type { Database } from '#server/db/schema.ts';
import { usedToday } from './page-usage.ts';

type PageOut = OutputOf<'chat', 'page'>;
type Wish = Omit<z.output<Contract['chat']['savePage']['input']>, 'workflow_slug'>;

const DEFAULTS = {
  enabled: false,
  embed_enabled: false,
  allowed_origins: [],
  title: '',
  welcome: '',
  suggestions: [],
  attachments_enabled: false,
  visitor_per_minute: 10,
  page_per_minute: 60,
  network_percent: 50,
  daily_tokens: 100_000,
  daily_usd: 1,
} as const;

/** Whether a page has ever been set, it has settings: these until then. */
export async function readPage(db: Db | Transaction<Database>, workflowId: number): Promise<PageOut> {
  const row = await db
    .selectFrom('chat_pages')
    .selectAll()
    .where('workflow_id', '=', workflowId)
    .executeTakeFirst();
  const used = await usedToday(db, workflowId);
  const shown = { used_tokens_today: used.all.tokens, used_usd_today: used.all.usd };
  if (!row) return { ...DEFAULTS, allowed_origins: [], suggestions: [], page_id: null, path: null, ...shown };
  const { environment_id: _, workflow_id: __, created_at: ___, updated_at: ____, ...settings } = row;
  return {
    ...settings,
    path: `/chat/${row.page_id}`,
    daily_tokens: Number(row.daily_tokens),
    daily_usd: Number(row.daily_usd),
    ...shown,
  };
}

export async function savePage(
  db: Db | Transaction<Database>,
  workflow: { readonly id: number; readonly environment_id: number },
  { renew_address, ...wish }: Wish,
): Promise<PageOut> {
  const fresh = randomBytes(12).toString('base64url');
  const values = { ...wish, updated_at: new Date() };
  await db
    .insertInto('chat_pages')
    .values({ ...values, workflow_id: workflow.id, environment_id: workflow.environment_id, page_id: fresh })
    .onConflict((on) =>
      on.column('workflow_id').doUpdateSet({ ...values, ...(renew_address && { page_id: fresh }) }),
    )
    .execute();
  return readPage(db, workflow.id);
}

const COLUMNS = [
  'w.id',
  'w.name',
  'w.environment_id',
  'w.revision',
  'w.max_execution_seconds',
  'w.priority',
  'w.deadline_counts_waits',
] as const;

/** A page that answers visitors, with its workflow. @throws AppError `not_found`, also while it is switched off */
export async function openPage(db: Db, pageId: string) {
  const row = await db
    .selectFrom('chat_pages as p')
    .innerJoin('workflows as w', 'w.id', 'p.workflow_id')
    .selectAll('p')
    .select(COLUMNS)
    .where('p.page_id', '=', pageId)
    .where('p.enabled', '=', true)
    .where('w.is_active', '=', true)
    .executeTakeFirst();
  if (!row) throw new AppError('not_found', 'This chat does not exist, or is switched off.');
  return row;
}

export type OpenPage = Awaited<ReturnType<typeof openPage>>;

/** How a page is called, and the sites that may show it within theirs; null for a page that answers nobody. */
export async function hostedChat(
  db: Db,
  pageId: string,
): Promise<{ readonly title: string; readonly embedders: readonly string[] } | null> {
  const row = await db
    .selectFrom('chat_pages as p')
    .innerJoin('workflows as w', 'w.id', 'p.workflow_id')
    .select(['p.title', 'w.name', 'p.allowed_origins', 'p.embed_enabled'])
    .where('p.page_id', '=', pageId)
    .where('p.enabled', '=', true)
    .where('w.is_active', '=', true)
    .executeTakeFirst();
  if (!row) return null;
  return { title: row.title || row.name, embedders: row.embed_enabled ? row.allowed_origins : [] };
}
