import type { ModelRequest } from '#domain/model/model.ts';
import { type Connection, connect, type Db } from '#server/db/connection.ts';
import { createTestDatabase } from '#server/db/template-database.ts';
import { createEgress } from '#server/egress/client.ts';
import type { StepPlace } from '#server/engine/interface.ts';
import { uuidV7 } from '#server/engine/uuid-v7.ts';
import { createAccount } from '#server/features/accounts/setup.ts';
import { Redactor } from '#server/redaction/redactor.ts';
import { Sealer } from '#server/sealing/sealer.ts';
import { sealNew } from '#server/vault/secret-row.ts';
import { createVault } from '#server/vault/vault.ts';
import { type AskModel, createModelCalls } from './model-call.ts';
import { type ScriptedProvider, startScriptedProvider } from './provider-fixture.ts';

export const KEY = 'sk-canary-0123456789abcdef';

/** What a request says besides the usual. */
export type MoreRequest = Partial<Omit<ModelRequest, 'choice'>> & {
  readonly choice?: Partial<ModelRequest['choice']>;
};

/** Models as steps ask them: a database, a vault and a scripted provider, without engine and API. */
export interface ModelStage {
  readonly llm: ScriptedProvider;
  readonly db: Db;
  readonly connection: Connection;
  readonly redactor: Redactor;
  readonly ask: AskModel;
  readonly place: StepPlace;
  /** @returns its id */
  addCredential(detail: Readonly<Record<string, unknown>>): Promise<number>;
  /** A request with everything not said as the provider has it. */
  request(credential: number, more?: MoreRequest): ModelRequest;
  calls(): Promise<CallRow[]>;
  close(): Promise<void>;
}

export type CallRow = Awaited<ReturnType<typeof readCalls>>[number];

const readCalls = (db: Db) => db.selectFrom('llm_calls').selectAll().orderBy('id').execute();

export async function startModelStage(): Promise<ModelStage> {
  const llm = await startScriptedProvider();
  const database = await createTestDatabase();
  const connection = connect(database.url, 10);
  const { db } = connection;
  const { userId, environmentId } = await addPerson(db);
  const { id: workflowId } = await db
    .insertInto('workflows')
    .values({ environment_id: environmentId, owner_id: userId, name: 'Stage', slug: 'stage' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const sealer = new Sealer(['x'.repeat(40)], null);
  const redactor = new Redactor();
  const vault = createVault({ db, sealer, redactor });
  const egress = createEgress({ allow: [llm.host] });
  return {
    llm,
    db,
    connection,
    redactor,
    ask: createModelCalls({ db, vault, egress, backoffMs: 5 }),
    place: placeOf({ environmentId, workflowId }),
    addCredential: async (detail) => {
      const sealed = sealNew(sealer, environmentId, detail);
      const row = { environment_id: environmentId, owner_id: userId, name: 'Models', type: 'llm' } as const;
      const { id } = await db
        .insertInto('credentials')
        .values({
          ...row,
          ...sealed,
          public_detail: '{}',
          last_test_ok: null,
          last_test_error: null,
          hosts: null,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      return id;
    },
    request: requestOf,
    calls: () => readCalls(db),
    close: async () => {
      await egress.close();
      await connection.close();
      await llm.close();
      await database.drop();
    },
  };
}

async function addPerson(db: Db): Promise<{ userId: number; environmentId: number }> {
  const { userId } = await db
    .transaction()
    .execute((trx) => createAccount(trx, { username: 'ada', password_hash: '', role: 'normal' }));
  const row = await db
    .selectFrom('memberships')
    .select('environment_id')
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow();
  return { userId, environmentId: row.environment_id };
}

/** A place of a run of its own. */
export function placeOf(whose: Pick<StepPlace, 'environmentId' | 'workflowId'>): StepPlace {
  const executionId = uuidV7();
  return {
    ...whose,
    executionId,
    rootId: executionId,
    depth: 0,
    node: 'model',
    scope: '',
    call: '',
    actor: 'model',
    triggerKind: 'manual',
    token: 1,
    idempotencyKey: `${executionId}:model:`,
    signal: new AbortController().signal,
  };
}

const requestOf: ModelStage['request'] = (credential, { choice, ...more } = {}) => ({
  messages: [{ role: 'user', content: 'Say hello.' }],
  ...more,
  choice: {
    credential,
    model: 'scripted-1',
    temperature: null,
    maxTokens: null,
    topP: null,
    frequencyPenalty: null,
    presencePenalty: null,
    timeout: 20,
    maxRetries: null,
    responseFormat: null,
    fallbacks: [],
    ...choice,
  },
});
