import { z } from 'zod';
import type { AnyDefinition, FieldHint } from '../node/definition.ts';
import type { CredentialUse } from './kind.ts';

/**
 * How a node's config names a credential: by its id, or, where the credential is not here (it was deleted, or the
 * workflow came from elsewhere), by the name it had. Null: none.
 */
export type CredentialReference = number | { readonly missing: string } | null;

const reference = z.union([
  z.int().min(1).max(2_147_483_647),
  z.object({ missing: z.string().max(200).describe('The name of a credential that is not here.') }),
]);

/**
 * A config field that refers to a credential of the workflow's environment. The type lists it among its `verbatim`
 * fields: a reference is chosen, never computed.
 */
export const credentialField = ({
  title,
  use,
  describe,
  ...hint
}: { readonly title: string; readonly use: CredentialUse; readonly describe: string } & Omit<
  FieldHint,
  'control' | 'use'
>) =>
  reference
    .nullable()
    .default(null)
    .describe(describe)
    .meta({ title, field: { ...hint, control: 'credential', use } });

interface SchemaNode {
  readonly field?: FieldHint;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly additionalProperties?: SchemaNode | boolean;
}

/** Every place of a config that refers to a credential: path and, with `*` for entries of lists and records. */
type Path = readonly string[];

const known = new WeakMap<AnyDefinition, readonly Path[]>();

function pathsOf(definition: AnyDefinition): readonly Path[] {
  let paths = known.get(definition);
  if (!paths) {
    const schema = z.toJSONSchema(definition.config, { io: 'input', unrepresentable: 'any' });
    paths = walk(schema as SchemaNode, []);
    known.set(definition, paths);
  }
  return paths;
}

function walk(schema: SchemaNode, path: Path): Path[] {
  if (schema.field?.control === 'credential') return [path];
  const more = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
  return [
    ...Object.entries(schema.properties ?? {}).flatMap(([name, part]) => walk(part, [...path, name])),
    ...(schema.items ? walk(schema.items, [...path, '*']) : []),
    ...(more ? walk(more, [...path, '*']) : []),
    ...(schema.anyOf ?? []).flatMap((part) => walk(part, path)),
  ];
}

export interface FoundReference {
  /** Dotted, as fields are named in problems. */
  readonly field: string;
  /** As it is stored, checked or not. */
  readonly value: unknown;
}

type Config = Readonly<Record<string, unknown>>;

/** Every reference to a credential in a config; empty ones are left out. */
export function credentialsIn(config: Config, definition: AnyDefinition): FoundReference[] {
  return pathsOf(definition).flatMap((path) => find(config, path, []));
}

function find(value: unknown, path: Path, at: Path): FoundReference[] {
  const [key, ...rest] = path;
  if (key === undefined) {
    return value === null || value === undefined ? [] : [{ field: at.join('.'), value }];
  }
  if (typeof value !== 'object' || value === null) return [];
  const keys = key === '*' ? Object.keys(value) : Object.hasOwn(value, key) ? [key] : [];
  return keys.flatMap((one) => find(Reflect.get(value, one), rest, [...at, one]));
}

/** The config with every reference as `change` wants it; the same object when nothing changes. */
export function withCredentials(
  config: Config,
  definition: AnyDefinition,
  change: (value: unknown) => unknown,
): Config {
  return pathsOf(definition).reduce<Config>((now, path) => replace(now, path, change) as Config, config);
}

function replace(value: unknown, path: Path, change: (value: unknown) => unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value === null || value === undefined ? value : change(value);
  if (typeof value !== 'object' || value === null) return value;
  const keys = key === '*' ? Object.keys(value) : Object.hasOwn(value, key) ? [key] : [];
  const changed = keys
    .map((one) => [one, Reflect.get(value, one), replace(Reflect.get(value, one), rest, change)] as const)
    .filter(([, before, after]) => before !== after);
  if (changed.length === 0) return value;
  const parts = Object.fromEntries(changed.map(([one, , after]) => [one, after]));
  return Array.isArray(value) ? value.map((one, index) => parts[index] ?? one) : { ...value, ...parts };
}

/** The name of a credential that is referred to and not here; null where the reference is none of that kind. */
export function missingName(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'missing')) return null;
  const name: unknown = Reflect.get(value, 'missing');
  return typeof name === 'string' ? name : null;
}
