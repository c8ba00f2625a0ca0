import type { InputOf, OutputOf } from '#contract/contract.ts';
import { AppError } from '#domain/problem.ts';
import type { Sealed, Sealer } from '#server/sealing/sealer.ts';
import type { Viewer } from '../handler.ts';
import type { Store } from './row.ts';

type Given = NonNullable<InputOf<'sandboxes', 'create'>['env_vars']>[number];
export type VariableOut = OutputOf<'sandboxes', 'get'>['env_vars'][number];

/** What is stored in the open: everything but the values. */
export interface StoredVariable {
  readonly key: string;
  readonly source: 'raw' | 'credential';
  readonly credential_id: number | null;
  readonly credential_field: string | null;
}

/** As the two columns of a workspace hold them. `sealed` has the raw values in the order of the variables. */
export interface StoredVariables {
  readonly variables: string;
  readonly sealed: Buffer | null;
  readonly key_id: string | null;
}

/** The row they are sealed to. */
export interface VariablePlace {
  readonly environmentId: number;
  readonly uid: string;
}

const sealPlace = ({ environmentId, uid }: VariablePlace) => ({
  tenant: String(environmentId),
  row: uid,
  field: 'sandboxes.variables',
});

const invalid = (index: number, field: string, msg: string, input?: unknown): AppError =>
  new AppError('invalid', [
    {
      type: 'value_error',
      loc: ['body', 'env_vars', index, field],
      msg,
      ...(input !== undefined && { input }),
    },
  ]);

/**
 * Refuses names that come twice, and credentials this caller cannot see, in the words for those that do not exist.
 * @throws AppError `invalid` naming the variable.
 */
export async function checkVariables(db: Store, viewer: Viewer, given: readonly Given[]): Promise<void> {
  const seen = new Set<string>();
  for (const [index, { key }] of given.entries()) {
    if (seen.has(key)) throw invalid(index, 'key', 'There are two variables of this name.', key);
    seen.add(key);
  }
  const wanted = given.flatMap((one) => (one.source === 'credential' ? (one.credential_id ?? []) : []));
  const known = await knownCredentials(db, viewer.environmentId, wanted);
  for (const [index, one] of given.entries()) {
    if (one.source !== 'credential') continue;
    const id = one.credential_id ?? null;
    if (id === null) throw invalid(index, 'credential_id', 'Choose a credential.');
    if (!known.has(id)) throw invalid(index, 'credential_id', 'Credential not found.', id);
    if (!one.credential_field?.trim()) {
      throw invalid(index, 'credential_field', 'Say which field of the credential it is.');
    }
  }
}

/** Which of these credentials are there, in this environment. */
export async function knownCredentials(
  db: Store,
  environmentId: number,
  ids: readonly number[],
): Promise<ReadonlySet<number>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .selectFrom('credentials')
    .select('id')
    .where('environment_id', '=', environmentId)
    .where('id', 'in', [...new Set(ids)])
    .execute();
  return new Set(rows.map((row) => row.id));
}

/** A variable has one source: what belongs to the other is not kept. */
export function storeVariables(
  sealer: Sealer,
  place: VariablePlace,
  given: readonly Given[],
): StoredVariables {
  const variables = given.map(
    ({ key, source = 'raw', credential_id, credential_field }): StoredVariable => ({
      key,
      source,
      credential_id: source === 'credential' ? (credential_id ?? null) : null,
      credential_field: source === 'credential' ? (credential_field?.trim() ?? null) : null,
    }),
  );
  const values = given.map((one) => (one.source === 'credential' ? null : (one.value ?? null)));
  const sealed: Sealed | null = values.some((value) => value !== null)
    ? sealer.seal(JSON.stringify(values), sealPlace(place))
    : null;
  return {
    variables: JSON.stringify(variables),
    sealed: sealed?.sealed ?? null,
    key_id: sealed?.keyId ?? null,
  };
}

interface StoredRow {
  readonly environment_id: number;
  readonly uid: string;
  readonly variables: unknown;
  readonly sealed: Buffer | null;
  readonly key_id: string | null;
}

/** The variables with their raw values, as their owner sees them. @throws SealError */
export function openVariables(sealer: Sealer, row: StoredRow): VariableOut[] {
  const { environment_id: environmentId, uid, sealed, key_id: keyId } = row;
  const values: readonly (string | null)[] =
    sealed && keyId !== null
      ? (JSON.parse(sealer.open({ sealed, keyId }, sealPlace({ environmentId, uid }))) as (string | null)[])
      : [];
  return (row.variables as StoredVariable[]).map((one, index) => ({ ...one, value: values[index] ?? null }));
}
