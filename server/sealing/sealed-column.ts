import type { SealPlace } from './sealer.ts';

/** A table with sealed values: what rotating the keys and checking them at start go through. */
export interface SealedColumn {
  readonly table: string;
  /** The columns of the primary key. */
  readonly key: readonly string[];
  /** Of the types bytea and text; null where nothing is sealed. */
  readonly sealed: string;
  readonly keyId: string;
  /** The place a value is sealed for: columns, read as text, or for the tenant the same word for all. */
  readonly tenant: { readonly column: string } | { readonly all: string };
  readonly row: string;
  readonly field: string;
}

const usual = { sealed: 'sealed', keyId: 'key_id' };

/** Every column with sealed values. One that is missing here would be lost when the keys are rotated. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  {
    ...usual,
    table: 'credentials',
    key: ['id'],
    tenant: { column: 'environment_id' },
    row: 'uid',
    field: 'credentials.sealed',
  },
  {
    ...usual,
    table: 'mfa_secrets',
    key: ['user_id', 'state'],
    tenant: { column: 'user_id' },
    row: 'user_id',
    field: 'mfa_secrets.sealed',
  },
  {
    ...usual,
    table: 'sandboxes',
    key: ['id'],
    tenant: { column: 'environment_id' },
    row: 'uid',
    field: 'sandboxes.variables',
  },
  {
    ...usual,
    table: 'settings',
    key: ['name'],
    tenant: { all: 'installation' },
    row: 'name',
    field: 'settings.value',
  },
  {
    ...usual,
    table: 'webhooks',
    key: ['token'],
    tenant: { column: 'workflow_id' },
    row: 'token',
    field: 'webhooks.sealed',
  },
];

/** What a value of this column was sealed for. */
export const placeIn = (column: SealedColumn, tenant: string, row: string): SealPlace => ({
  tenant,
  row,
  field: column.field,
});
