import type { Contract } from '#contract/contract.ts';
import type { Db } from '#server/db/connection.ts';
import type { HandlersOf } from '../handler.ts';
import { listAudit } from './store.ts';
import { verifyAudit } from './verify.ts';

export function auditHandlers(db: Db): HandlersOf<Contract['audit']> {
  return {
    list: (_context, input) => listAudit(db, input),
    verify: (_context, { head_n, head_hash }) =>
      verifyAudit(db, head_n !== undefined && head_hash ? { n: head_n, hash: head_hash } : null),
  };
}
