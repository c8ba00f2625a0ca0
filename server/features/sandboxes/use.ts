import { type SqlBool, sql } from 'kysely';
import { StepError } from '#domain/node/executor.ts';
import type { CommandPlace } from '#server/command/run-command.ts';
import type { Db } from '#server/db/connection.ts';
import type { StepPlace } from '#server/engine/interface.ts';
import type { Redactor } from '#server/redaction/redactor.ts';
import { SealError, type Sealer } from '#server/sealing/sealer.ts';
import type { Vault } from '#server/vault/vault.ts';
import { makeFolder } from './folder.ts';
import type { SandboxRow } from './row.ts';
import { openVariables } from './variable.ts';

export interface SandboxUseOptions {
  readonly db: Db;
  readonly sealer: Sealer;
  readonly redactor: Redactor;
  readonly vault: Vault;
  readonly dataDir: string;
}

/** Opens a workspace for a program of a step, by its name. */
export type UseSandbox = (name: string, step: StepPlace) => Promise<CommandPlace>;

/** Values of variables that look like these are kept out of everything that is recorded. */
const SECRET_NAME = /key|token|secret|pass|pwd|dsn|cookie|auth|credential/i;
/** The password within an address. */
const IN_ADDRESS = /:\/\/[^\s/:@]*:([^\s@]+)@/;
const MIN_SECRET = 6;

/**
 * The workspaces of the workflow's owner, in the environment of the workflow. Rejects with StepError
 * `workspace_not_found`, or `credential_denied` for a variable whose credential cannot be used.
 */
export function createSandboxUse(options: SandboxUseOptions): UseSandbox {
  const { db, sealer, redactor, vault, dataDir } = options;
  return async (name, step) => {
    const row = await find(db, name, step);
    if (!row) {
      const text = `The owner of this workflow has no workspace “${name}” here. Make it, or choose another one.`;
      throw new StepError('workspace_not_found', text, { permanent: true });
    }
    const entries: [string, string][] = [];
    for (const { key, source, value, credential_id, credential_field } of opened(sealer, row, name)) {
      if (source === 'raw') entries.push([key, value ?? '']);
      // A credential that is gone is refused by the vault, in its words.
      else entries.push([key, await vault.forVariable(credential_id ?? 0, credential_field ?? '', step)]);
    }
    const secrets = entries.flatMap(([key, value]) =>
      SECRET_NAME.test(key) && value.length >= MIN_SECRET
        ? [value]
        : (IN_ADDRESS.exec(value)?.slice(1) ?? []),
    );
    if (secrets.length > 0) redactor.learn(step.rootId, secrets);
    const folder = await makeFolder({ dataDir, ownerId: row.owner_id, uid: row.uid });
    return { folder, env: Object.fromEntries(entries), network: row.allow_network };
  };
}

function opened(sealer: Sealer, row: SandboxRow, name: string) {
  try {
    return openVariables(sealer, row);
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    const text = `The variables of “${name}” cannot be opened with this installation's key. Enter them again.`;
    throw new StepError('credential_denied', text, { permanent: true });
  }
}

/** Only while the workflow's owner may work in its environment. */
function find(db: Db, name: string, { workflowId }: StepPlace): Promise<SandboxRow | undefined> {
  return db
    .selectFrom('sandboxes')
    .innerJoin('workflows', (join) =>
      join
        .onRef('workflows.owner_id', '=', 'sandboxes.owner_id')
        .onRef('workflows.environment_id', '=', 'sandboxes.environment_id'),
    )
    .innerJoin('users', 'users.id', 'sandboxes.owner_id')
    .selectAll('sandboxes')
    .where('workflows.id', '=', workflowId)
    .where('sandboxes.name', '=', name)
    .where(
      sql<SqlBool>`(users.role = 'admin' or exists (select from memberships m
        where m.user_id = users.id and m.environment_id = sandboxes.environment_id and m.role <> 'viewer'))`,
    )
    .executeTakeFirst();
}
