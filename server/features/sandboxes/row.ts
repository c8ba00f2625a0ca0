import type { Selectable, Transaction } from 'kysely';
import type { OutputOf } from '#contract/contract.ts';
import type { Db } from '#server/db/connection.ts';
import type { SandboxTable } from '#server/db/sandbox-table.ts';
import type { Database } from '#server/db/schema.ts';

export type Store = Db | Transaction<Database>;
export type SandboxRow = Selectable<SandboxTable>;
export type SandboxOut = OutputOf<'sandboxes', 'get'>;
