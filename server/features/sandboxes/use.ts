import { StepError } from '#domain/node/executor.ts';
import type { CommandPlace } from '#server/command/run-command.ts';
import type { Db } from '#server/db/connection.ts';
import type { StepPlace } from '#server/engine/interface.ts';
import type { Redactor } from '#server/redaction/redactor.ts';
import type { Sealer } from '#server/sealing/sealer.ts';
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
const SECRET_NAME = /key|token|secret|pass|auth|credential/i;
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
    for (const { key, source, value, credential_id, credential_field } of openVariables(sealer, row)) {
      if (source === 'raw') entries.push([key, value ?? '']);
      // A credential that is gone is refused by the vault, in its words.
      else entries.push([key, await vault.forVariable(credential_id ?? 0, credential_field ?? '', step)]);
    }
    const secrets = entries.flatMap(([key, value]) =>
      SECRET_NAME.test(key) && value.length >= MIN_SECRET ? [value] : [],
    );
    if (secrets.length > 0) redactor.learn(step.rootId, secrets);
    const folder = await makeFolder({ dataDir, ownerId: row.owner_id, uid: row.uid });
    return { folder, env: Object.fromEntries(entries), network: row.allow_network };
  };
}

function find(db: Db, name: string, { workflowId }: StepPlace): Promise<SandboxRow | undefined> {
  return db
    .selectFrom('sandboxes')
    .innerJoin('workflows', (join) =>
      join
        .onRef('workflows.owner_id', '=', 'sandboxes.owner_id')
        .onRef('workflows.environment_id', '=', 'sandboxes.environment_id'),
    )
    .selectAll('sandboxes')
    .where('workflows.id', '=', workflowId)
    .where('sandboxes.name', '=', name)
    .executeTakeFirst();
}
