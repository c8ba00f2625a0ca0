import type { InputOf } from '#contract/contract.ts';
import type { Sandbox } from './sandbox.ts';

type Sent = NonNullable<InputOf<'sandboxes', 'update'>['env_vars']>[number];

/** A variable as the form holds it: what belongs to the other source is kept while the form is open. */
export interface VariableDraft {
  /** Tells rows apart; never sent. */
  readonly row: number;
  readonly key: string;
  readonly source: 'raw' | 'credential';
  readonly value: string;
  readonly credentialId: number | null;
  readonly field: string;
}

/** By row: what is wrong with it, by the part of the row. */
export type Faults = Readonly<
  Record<number, Partial<Record<'key' | 'credential' | 'field' | 'value', string>>>
>;

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

export const draftsOf = ({ env_vars }: Pick<Sandbox, 'env_vars'>): VariableDraft[] =>
  env_vars.map(({ key, source, value, credential_id, credential_field }, row) => ({
    row,
    key,
    source,
    value: value ?? '',
    credentialId: credential_id,
    field: credential_field ?? '',
  }));

export function emptyDraft(drafts: readonly VariableDraft[]): VariableDraft {
  const row = Math.max(-1, ...drafts.map((one) => one.row)) + 1;
  return { row, key: '', source: 'raw', value: '', credentialId: null, field: '' };
}

/** What has to be put right before the drafts can be saved. */
export function faultsIn(drafts: readonly VariableDraft[]): Faults {
  const seen = new Set<string>();
  const faults: Record<number, Faults[number]> = {};
  for (const { row, key, source, credentialId, field } of drafts) {
    const name = key.trim();
    const wrong = {
      ...(!NAME.test(name) && { key: 'Letters, digits and _, not starting with a digit.' }),
      ...(NAME.test(name) && seen.has(name) && { key: 'There is another one of this name.' }),
      ...(source === 'credential' && credentialId === null && { credential: 'Choose a credential.' }),
      ...(source === 'credential' && field.trim() === '' && { field: 'Choose a part of it.' }),
    };
    seen.add(name);
    if (Object.keys(wrong).length > 0) faults[row] = wrong;
  }
  return faults;
}

export const sentOf = (drafts: readonly VariableDraft[]): Sent[] =>
  drafts.map(({ key, source, value, credentialId, field }) =>
    source === 'raw'
      ? { key: key.trim(), source, value }
      : { key: key.trim(), source, credential_id: credentialId, credential_field: field.trim() },
  );

const PARTS = {
  key: 'key',
  value: 'value',
  credential_id: 'credential',
  credential_field: 'field',
} as const;

/** What the server says about fields such as `env_vars.2.key`, by row; null where it speaks of none. */
export function faultsFrom(
  fields: Readonly<Record<string, string>>,
  drafts: readonly VariableDraft[],
): Faults | null {
  const faults: Record<number, Faults[number]> = {};
  for (const [path, message] of Object.entries(fields)) {
    const [, index, part] = /^env_vars\.(\d+)\.(\w+)$/.exec(path) ?? [];
    const draft = drafts[Number(index)];
    const name = PARTS[part as keyof typeof PARTS];
    if (draft && name) faults[draft.row] = { ...faults[draft.row], [name]: message };
  }
  return Object.keys(faults).length > 0 ? faults : null;
}

/** The parts of a credential a program may need, by its type. Others can be typed. */
export const CREDENTIAL_FIELDS: Readonly<Record<string, readonly string[]>> = {
  llm: ['api_key', 'base_url', 'organization_id'],
  gateway: ['token'],
  git: ['access_token', 'username', 'ssh_private_key', 'webhook_secret'],
  tool: ['token', 'username', 'password', 'host', 'port'],
};
