import type { z } from 'zod';
import type { AnyDefinition, FieldHint } from '#domain/node/definition.ts';

export type Control =
  | 'text'
  | 'multiline'
  | 'template'
  | 'code'
  | 'json'
  | 'keyvalue'
  | 'rules'
  | 'rows'
  | 'tags'
  | 'datetime'
  | 'password'
  | 'select'
  | 'multiselect'
  | 'number'
  | 'switch'
  | 'credential'
  | 'model';

/** One field of a node's form, read from its config schema. */
export interface FieldSpec {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly control: Control;
  readonly group: 'required' | 'common' | 'advanced';
  readonly options: readonly string[];
  readonly when: FieldHint['when'];
  /** What a credential has to be able to do. */
  readonly use: FieldHint['use'];
  readonly placeholder: string;
  readonly language: 'javascript' | 'python' | 'json';
  readonly min: number | null;
  readonly max: number | null;
  readonly integer: boolean;
  /** The config may do without it, so an emptied field is taken out. */
  readonly optional: boolean;
  /** Its text is not a template. */
  readonly verbatim: boolean;
  /** The parts of each entry, for lists of objects. */
  readonly rows: readonly FieldSpec[];
  /** Rules look at every item of a list, by path alone. */
  readonly perItem: boolean;
  /** What a new entry of a list starts with. */
  readonly initial: unknown;
}

interface Def {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly format?: string;
  readonly in?: z.ZodType;
  readonly entries?: Readonly<Record<string, string>>;
}

const defOf = (schema: z.ZodType): Def => schema.def as unknown as Def;

interface Meta {
  readonly title?: string;
  readonly description?: string;
  /** `password` hides what is typed. */
  readonly format?: string;
  readonly field?: FieldHint;
}

const WRAPPERS: readonly string[] = [
  'default',
  'optional',
  'nullable',
  'prefault',
  'readonly',
  'catch',
  'nonoptional',
];

/** The schema without its wrappers, what they say about it, and the meta nearest to the outside. */
function unwrapped(schema: z.ZodType): { core: z.ZodType; optional: boolean; meta: Meta } {
  let core = schema;
  let optional = false;
  let meta: Meta = {};
  for (;;) {
    meta = { ...((core.meta() ?? {}) as Meta), ...meta };
    const def = defOf(core);
    if (def.type === 'optional') optional = true;
    const inner = WRAPPERS.includes(def.type) ? def.innerType : def.type === 'pipe' ? def.in : undefined;
    if (!inner) return { core, optional, meta };
    core = inner;
  }
}

/** The form of a node type, required fields first. */
export function fieldsOf(definition: AnyDefinition): FieldSpec[] {
  const specs = Object.entries(definition.config.shape).map(([name, schema]) =>
    fieldOf(name, schema as z.ZodType, definition.verbatim?.includes(name) ?? false),
  );
  const rank = { required: 0, common: 1, advanced: 2 };
  return specs.sort((a, b) => rank[a.group] - rank[b.group]);
}

function fieldOf(name: string, schema: z.ZodType, verbatim: boolean): FieldSpec {
  const { core, optional, meta } = unwrapped(schema);
  const hint = meta.field ?? {};
  const bounds = core as { minValue?: number | null; maxValue?: number | null; isInt?: boolean };
  return {
    name,
    title: meta.title ?? titleFrom(name),
    description: meta.description ?? '',
    control: controlOf(core, hint, meta.format),
    group: hint.group ?? 'common',
    options: optionsOf(core),
    when: hint.when,
    use: hint.use,
    placeholder: hint.placeholder ?? '',
    language: hint.language ?? (hint.control === 'code' ? 'javascript' : 'json'),
    min: bounded(bounds.minValue),
    max: bounded(bounds.maxValue),
    integer: bounds.isInt === true || (core.def as { format?: string }).format === 'safeint',
    optional,
    verbatim,
    rows: rowsOf(core, verbatim),
    perItem: hint.perItem ?? false,
    initial: initialOf(schema),
  };
}

/** A bound worth showing: zod's own limits of what a number can hold are none. */
const bounded = (value: number | null | undefined): number | null =>
  value === null || value === undefined || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? null : value;

const titleFrom = (name: string): string => {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const BY_TYPE: Readonly<Record<string, Control>> = {
  boolean: 'switch',
  number: 'number',
  int: 'number',
  enum: 'select',
  record: 'keyvalue',
  string: 'text',
  object: 'json',
  array: 'json',
};

const BY_ELEMENT: Readonly<Record<string, Control>> = { string: 'tags', object: 'rows' };
const BY_FORMAT: Readonly<Record<string, Control>> = {
  password: 'password',
  datetime: 'datetime',
  'date-time': 'datetime',
};

function controlOf(core: z.ZodType, hint: FieldHint, stated: string | undefined): Control {
  const { type, element, format } = defOf(core);
  const manyOf = type === 'array' && element ? defOf(unwrapped(element).core).type : null;
  if (manyOf === 'enum') return 'multiselect';
  const byMeaning = BY_ELEMENT[manyOf ?? ''] ?? BY_FORMAT[stated ?? format ?? ''];
  return hint.control ?? byMeaning ?? BY_TYPE[type] ?? 'json';
}

function rowsOf(core: z.ZodType, verbatim: boolean): FieldSpec[] {
  const { type, element } = defOf(core);
  const inner = type === 'array' && element ? unwrapped(element).core : null;
  if (!inner || defOf(inner).type !== 'object') return [];
  const { shape } = inner as z.ZodObject;
  return Object.entries(shape).map(([name, schema]) => fieldOf(name, schema as z.ZodType, verbatim));
}

function initialOf(schema: z.ZodType): unknown {
  const read = schema.safeParse(undefined);
  return read.success ? read.data : undefined;
}

function optionsOf(core: z.ZodType): string[] {
  const { entries, element } = defOf(core);
  if (entries) return Object.values(entries);
  return element ? optionsOf(unwrapped(element).core) : [];
}

/** Whether a field is asked for, given the rest of the config. */
export function isShown(field: FieldSpec, config: Readonly<Record<string, unknown>>): boolean {
  return !field.when || field.when.in.includes(config[field.when.field]);
}

/** The config with one field set; an emptied optional field is taken out. */
export function withField(
  config: Readonly<Record<string, unknown>>,
  field: Pick<FieldSpec, 'name' | 'optional'>,
  value: unknown,
): Record<string, unknown> {
  const next = { ...config };
  if (value === undefined || (field.optional && value === '')) delete next[field.name];
  else next[field.name] = value;
  return next;
}

/** `when_finished` as a person reads it. Names in capitals stay as they are. */
export function optionTitle(option: string): string {
  return option === option.toUpperCase() ? option : titleFrom(option);
}

/** Messages of the schema by field; deeper paths keep theirs (`rules.0.id`). */
export function fieldErrors(
  definition: AnyDefinition,
  config: Readonly<Record<string, unknown>>,
): Map<string, string> {
  const read = definition.config.safeParse(config);
  const errors = new Map<string, string>();
  if (read.success) return errors;
  for (const issue of read.error.issues) {
    const [field = ''] = issue.path.map(String);
    const path = issue.path.map(String).join('.');
    if (!errors.has(field)) errors.set(field, issue.message);
    if (!errors.has(path)) errors.set(path, issue.message);
  }
  return errors;
}
