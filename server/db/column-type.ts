import type { ColumnType } from 'kysely';

export type At = ColumnType<Date, Date | string | undefined, Date | string>;
export type NullableAt = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
export type Json = ColumnType<unknown, string, string>;
export type NullableJson = ColumnType<unknown, string | null | undefined, string | null>;
/** The database works it out of other columns. */
export type Derived = ColumnType<string, never, never>;
