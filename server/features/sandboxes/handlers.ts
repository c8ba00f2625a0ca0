import type { Contract } from '#contract/contract.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import type { Sealer } from '#server/sealing/sealer.ts';
import { audit } from '../audit-log.ts';
import { type HandlersOf, type RequestContext, signedIn } from '../handler.ts';
import { emptyFolder, makeFolder } from './folder.ts';
import type { SandboxOut, SandboxRow, Store } from './row.ts';
import {
  ensureDefault,
  findSandbox,
  insertSandbox,
  listSandboxes,
  own,
  presentSandboxes,
  updateSandbox,
} from './store.ts';

export interface SandboxOptions {
  readonly db: Db;
  readonly sealer: Sealer;
  /** Below it lie the folders. */
  readonly dataDir: string;
}

export function sandboxHandlers(options: SandboxOptions): HandlersOf<Contract['sandboxes']> {
  const { db, sealer } = options;
  return {
    list: async (context, input) => {
      const viewer = signedIn(context);
      await ensureDefault(db, viewer);
      const { rows, total } = await listSandboxes(db, viewer, input);
      return { items: await presentSandboxes(db, sealer, rows), total };
    },
    create: async (context, input) => {
      const viewer = signedIn(context);
      await ensureDefault(db, viewer);
      const row = await db.transaction().execute(async (trx) => {
        const made = await insertSandbox(trx, sealer, { viewer, input });
        await record(trx, context, 'sandbox_created', made);
        await onDisk(() => makeFolder(placeOf(options, made)));
        return made;
      });
      return presentOne(options, row);
    },
    get: async (context, { sandbox_id }) =>
      presentOne(options, await findSandbox(db, signedIn(context), sandbox_id)),
    update: async (context, input) => {
      const viewer = signedIn(context);
      const row = await db.transaction().execute((trx) => updateSandbox(trx, sealer, { viewer, input }));
      return presentOne(options, row);
    },
    remove: async (context, { sandbox_id }) => {
      await db.transaction().execute(async (trx) => {
        const row = await findSandbox(trx, signedIn(context), sandbox_id);
        if (row.is_default) throw new AppError('forbidden', 'Cannot delete the default workspace.');
        await trx.deleteFrom('sandboxes').where('id', '=', row.id).execute();
        await record(trx, context, 'sandbox_deleted', row);
      });
    },
    batchDelete: async (context, { ids }) => {
      if (ids.length === 0) return;
      await db.transaction().execute(async (trx) => {
        const rows = await own(trx, signedIn(context))
          .selectAll()
          .where('id', 'in', [...new Set(ids)])
          .where('is_default', '=', false)
          .execute();
        for (const row of rows) {
          await trx.deleteFrom('sandboxes').where('id', '=', row.id).execute();
          await record(trx, context, 'sandbox_deleted', row);
        }
      });
    },
    reset: async (context, { sandbox_id }) => {
      const row = await findSandbox(db, signedIn(context), sandbox_id);
      const count = await onDisk(() => emptyFolder(placeOf(options, row)));
      const what = count === 0 ? 'was empty already' : `is empty again (${count} removed)`;
      return { ok: true, message: `The folder of “${row.name}” ${what}.` };
    },
    resetRootfs: async (context, { sandbox_id }) => {
      const { name } = await findSandbox(db, signedIn(context), sandbox_id);
      return {
        ok: true,
        message: `Programs in “${name}” see the system files of the server; there is nothing to renew.`,
      };
    },
  };
}

const placeOf = ({ dataDir }: SandboxOptions, { owner_id, uid }: SandboxRow) => ({
  dataDir,
  ownerId: owner_id,
  uid,
});

async function presentOne({ db, sealer }: SandboxOptions, row: SandboxRow): Promise<SandboxOut> {
  const [shown] = await presentSandboxes(db, sealer, [row]);
  if (!shown) throw new AppError('not_found', 'Workspace not found.');
  return shown;
}

function record(
  db: Store,
  context: RequestContext,
  action: 'sandbox_created' | 'sandbox_deleted',
  row: SandboxRow,
): Promise<void> {
  const { userId, environmentId } = signedIn(context);
  const { address } = context;
  return audit(db, { action, actorId: userId, environmentId, address, target: row.name });
}

/** @throws AppError `unavailable` where the disk does not let us. */
async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new AppError('unavailable', `The folder of the workspace cannot be changed (${why}).`);
  }
}
