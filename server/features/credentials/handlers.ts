import type { Contract } from '#contract/contract.ts';
import { type HandlersOf, signedIn } from '../handler.ts';
import { createCredential } from './create.ts';
import { listCredentials, listUses } from './list.ts';
import type { CredentialOptions } from './option.ts';
import { removeCredentials } from './remove.ts';
import { credentialOutOf, findCredential } from './row.ts';
import { askModels, switchGateway, testCredential } from './trial.ts';
import { updateCredential } from './update.ts';

export function credentialHandlers(options: CredentialOptions): HandlersOf<Contract['credentials']> {
  const { db } = options;
  return {
    list: (context, input) => listCredentials(db, signedIn(context), input),
    create: (context, input) => createCredential(options, context, input),
    batchDelete: (context, { ids }) => removeCredentials(options, context, ids),
    get: async (context, { credential_id }) =>
      credentialOutOf(await findCredential(db, signedIn(context), credential_id)),
    update: (context, input) => updateCredential(options, context, input),
    remove: async (context, { credential_id }) => {
      await findCredential(db, signedIn(context), credential_id);
      await removeCredentials(options, context, [credential_id]);
    },
    test: (context, { credential_id }) => testCredential(options, context, credential_id),
    models: (context, { credential_id }) => askModels(options, context, credential_id),
    activate: (context, { credential_id }) => switchGateway(options, context, credential_id, 'activate'),
    deactivate: (context, { credential_id }) => switchGateway(options, context, credential_id, 'deactivate'),
    uses: async (context, { credential_id, limit, offset }) => {
      const { id } = await findCredential(db, signedIn(context), credential_id);
      return listUses(db, id, { limit, offset });
    },
  };
}
