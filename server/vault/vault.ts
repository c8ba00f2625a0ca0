import { sql } from 'kysely';
import { type Detail, llmBase, secretsOf } from '#domain/credential/detail.ts';
import { isBoundTo } from '#domain/credential/host.ts';
import { httpAdditions, mailServerOf } from '#domain/credential/http-auth.ts';
import { type CredentialReference, missingName } from '#domain/credential/reference.ts';
import { SEARXNG, searchServerOf } from '#domain/credential/search-server.ts';
import type { SearchServer } from '#domain/node/ai-capability.ts';
import { type MailServer, StepError } from '#domain/node/executor.ts';
import type { Db } from '#server/db/connection.ts';
import type { EgressAuth } from '#server/egress/client.ts';
import type { Cleaner, Redactor } from '#server/redaction/redactor.ts';
import { SealError, type Sealer } from '#server/sealing/sealer.ts';
import { hostsOf, openDetail, type SealedRow } from './secret-row.ts';

/** For whom a credential is opened: a step of a run, or the environment itself. */
export interface Principal {
  readonly environmentId: number;
  /** Whose owner must have a right to it; null: the environment uses it by its own settings. */
  readonly workflowId: number | null;
  /** The topmost run. */
  readonly rootId: string;
  /** The node, for messages. */
  readonly node: string;
}

/** Opens credentials for steps at the moment of use. Nothing it hands out may be given to an executor. */
export interface Vault {
  /** @throws StepError `credential_denied`, permanent, naming the node and the way out */
  forHttp(reference: CredentialReference, who: Principal): Promise<{ auth: EgressAuth; cleaner: Cleaner }>;
  /** @throws StepError `credential_denied` */
  forMail(reference: CredentialReference, who: Principal): Promise<{ server: MailServer; cleaner: Cleaner }>;
  /** A provider of models. @throws StepError `credential_denied` */
  forModel(reference: CredentialReference, who: Principal): Promise<OpenedProvider>;
  /**
   * The SearXNG server that agents of this environment search with: the starred one, the newest of several. Null:
   * there is none the workflow's owner may use.
   */
  preferredSearch(who: Principal): Promise<SearchServer | null>;
  /** One part of a credential, for a variable of a program. @throws StepError `credential_denied` */
  forVariable(reference: CredentialReference, part: string, who: Principal): Promise<string>;
}

/** A provider of models, as far as it is called. The key is in `auth` only. */
export interface OpenedProvider {
  readonly credentialId: number;
  readonly name: string;
  /** Such as `openai` or `anthropic`. */
  readonly kind: string;
  /** Where it is reached, without a slash at the end. */
  readonly base: string;
  readonly auth: EgressAuth;
  readonly cleaner: Cleaner;
}

export interface VaultOptions {
  readonly db: Db;
  readonly sealer: Sealer;
  readonly redactor: Redactor;
}

export function createVault(options: VaultOptions): Vault {
  return {
    forHttp: async (reference, who) => {
      const { name, row, detail, cleaner } = await open(options, reference, who);
      const additions = httpAdditions(row.type, detail);
      if (!additions) {
        throw denied(
          who,
          `“${name}” holds nothing that signs a request. Choose one that does, or complete it.`,
        );
      }
      const hosts = hostsOf(row, detail);
      options.redactor.learn(who.rootId, Object.values(additions.headers).flatMap(basicPair));
      return { auth: { ...additions, name, hosts }, cleaner };
    },
    forMail: async (reference, who) => {
      const { name, row, detail, cleaner } = await open(options, reference, who);
      const server = row.type === 'tool' ? mailServerOf(detail) : null;
      if (!server) throw denied(who, `“${name}” is no mail server. Choose a credential of the type SMTP.`);
      if (!isBoundTo(hostsOf(row, detail), server.host, server.port)) {
        throw denied(who, `“${name}” may not be sent to ${server.host}:${server.port}. Add it to its hosts.`);
      }
      return { server, cleaner };
    },
    forModel: async (reference, who) => {
      const { name, row, detail, cleaner } = await open(options, reference, who);
      const additions = httpAdditions(row.type, detail);
      if (row.type !== 'llm' || !additions)
        throw denied(who, `“${name}” is no provider of models. Choose a credential of the type LLM.`);
      const base = llmBase(detail);
      if (base === null) throw denied(who, `“${name}” has no address. Enter its base_url.`);
      const auth = { ...additions, name, hosts: hostsOf(row, detail) };
      return {
        credentialId: row.id,
        name,
        kind: String(detail['provider_type'] ?? ''),
        base,
        auth,
        cleaner,
      };
    },
    preferredSearch: (who) => preferredSearch(options, who),
    forVariable: async (reference, part, who) => {
      const { name, detail } = await open(options, reference, who);
      const config = (detail['config'] ?? {}) as Detail;
      const value = Object.hasOwn(detail, part) ? detail[part] : config[part];
      if ((typeof value === 'string' && value !== '') || typeof value === 'number') return String(value);
      throw denied(who, `“${name}” holds nothing called “${part}”. Correct the variable of the workspace.`);
    },
  };
}

async function preferredSearch(options: VaultOptions, who: Principal): Promise<SearchServer | null> {
  for (const id of await starredSearches(options.db, who)) {
    const row = await find(options.db, id, who);
    const server = row ? searchServerIn(options.sealer, row) : null;
    if (server) return { url: server.url, credential: id };
  }
  return null;
}

/** Nobody has asked for this credential: one that cannot be opened is passed over. */
function searchServerIn(sealer: Sealer, row: SealedRow) {
  try {
    return searchServerOf(openDetail(sealer, row));
  } catch (error) {
    if (error instanceof SealError) return null;
    throw error;
  }
}

async function starredSearches(db: Db, { environmentId }: Principal): Promise<number[]> {
  const rows = await db
    .selectFrom('credentials')
    .select('id')
    .where('environment_id', '=', environmentId)
    .where('type', '=', 'tool')
    .where(sql<boolean>`public_detail->>'tool_type' = ${SEARXNG} and public_detail->>'is_preferred' = 'true'`)
    .orderBy('id', 'desc')
    .execute();
  return rows.map(({ id }) => id);
}

/** User name and password together are as secret in base64 as the password alone. */
const basicPair = (header: string): string[] => (header.startsWith('Basic ') ? [header.slice(6)] : []);

function denied({ node }: Principal, why: string): StepError {
  return new StepError('credential_denied', `“${node}” cannot use its credential. ${why}`, {
    permanent: true,
  });
}

async function open({ db, sealer, redactor }: VaultOptions, reference: CredentialReference, who: Principal) {
  const name = missingName(reference);
  if (typeof reference !== 'number') {
    const which = name === null ? 'None is chosen.' : `“${name}” is not here.`;
    throw denied(who, `${which} Choose one in the node's settings.`);
  }
  const found = await find(db, reference, who);
  if (!found) {
    const way = 'Choose another one in the node, or ask the owner of the environment.';
    throw denied(who, `It was deleted, or the workflow's owner may not use it any more. ${way}`);
  }
  const detail = opened(sealer, found, who);
  const cleaner = redactor.learn(who.rootId, secretsOf(found.type, detail));
  if (found.untouched) touch(db, found.id);
  return { name: found.name, row: found, detail, cleaner };
}

function opened(sealer: Sealer, row: SealedRow & { readonly name: string }, who: Principal): Detail {
  try {
    return openDetail(sealer, row);
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    throw denied(
      who,
      `“${row.name}” cannot be opened with this installation's key. Enter its secrets again.`,
    );
  }
}

/** Only what belongs to the run's environment, and only while the workflow's owner may work there. */
function find(db: Db, id: number, { environmentId, workflowId }: Principal) {
  const here = db
    .selectFrom('credentials')
    .where('credentials.id', '=', id)
    .where('credentials.environment_id', '=', environmentId);
  const usable = workflowId === null ? here : here.where(mayBeUsedBy(workflowId));
  return usable
    .select([
      'credentials.id',
      'credentials.uid',
      'credentials.name',
      'credentials.type',
      'credentials.environment_id',
      'credentials.sealed',
      'credentials.key_id',
      'credentials.hosts',
      sql<boolean>`coalesce(credentials.last_used_at < now() - interval '1 minute', true)`.as('untouched'),
    ])
    .executeTakeFirst();
}

const mayBeUsedBy = (workflowId: number) =>
  sql<boolean>`exists (select from workflows w join users u on u.id = w.owner_id
    where w.id = ${workflowId} and w.environment_id = credentials.environment_id
      and (u.role = 'admin' or exists (select from memberships m
        where m.user_id = u.id and m.environment_id = credentials.environment_id and m.role <> 'viewer')))`;

/** Best effort: no step waits for it, nor fails for it. */
function touch(db: Db, id: number): void {
  db.updateTable('credentials')
    .set({ last_used_at: sql`now()` })
    .where('id', '=', id)
    .execute()
    .catch(() => undefined);
}
