import { NODE_ID } from '#domain/graph/command.ts';
import { readYaml, refuseUnstorable } from '../yaml.ts';
import { PATCH_ACTIONS, STEP_TYPES, TRIGGER_TYPES } from './step-type.ts';

export type Mapping = Readonly<Record<string, unknown>>;

export interface Step {
  readonly id: string;
  /** What it follows, by id, where it says so itself; else the step before it. */
  readonly after: readonly string[] | null;
  /** A word of the step language. */
  readonly type: string;
  readonly fields: Mapping;
  /** Of a loop. */
  readonly body: readonly Step[];
}

export type Parsed =
  | {
      readonly kind: 'create';
      readonly about: About;
      readonly trigger: string;
      readonly triggerConfig: Mapping;
      readonly model: Mapping;
      readonly steps: readonly Step[];
    }
  | {
      readonly kind: 'fork';
      readonly about: Partial<About>;
      readonly source: string;
      readonly patches: readonly Patch[];
    }
  /** The canonical document of export and import. */
  | { readonly kind: 'document' };

/** What people see of a workflow. */
export interface About {
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
}

/** A change to a copied workflow. Which fields there are depends on the action. */
export interface Patch {
  readonly action: string;
  readonly fields: Mapping;
}

const MAX_STEPS = 500;
const MAX_NAME = 200;
const MAX_DESCRIPTION = 10_000;

/** Reads a text of the step language. @throws Error that says in words what is wrong. */
export function parseDsl(text: string): Parsed {
  const value = readYaml(text);
  if (!isMapping(value)) throw new Error('The DSL must be a YAML mapping.');
  if (value['format'] === 'pipewright/workflow') return { kind: 'document' };
  refuseUnstorable(value);
  if ('based_on' in value) return parseFork(value);
  if (typeof value['name'] !== 'string' || value['name'].trim() === '') {
    throw new Error('DSL requires a `name` field');
  }
  if (!('steps' in value)) throw new Error('DSL requires a `steps` list');
  const { steps } = value;
  if (!Array.isArray(steps) || steps.length === 0) throw new Error('`steps` must be a non-empty list');
  const ids = new Set<string>();
  return {
    kind: 'create',
    about: { name: nameOf(value['name']), description: descriptionOf(value), tags: tagsOf(value) },
    ...readTrigger(value),
    model: readModel(value['model'], '`model`'),
    steps: steps.map((step: unknown, at) => parseStep(step, { at, ids, prefix: null })),
  };
}

function parseFork(value: Mapping): Parsed {
  const { based_on: source, patches } = value;
  if (typeof source !== 'string' || source === '')
    throw new Error('`based_on` must be a workflow slug string');
  if (!Array.isArray(patches)) throw new Error('Fork mode requires a `patches` list');
  for (const [at, patch] of patches.entries()) {
    const action: unknown = isMapping(patch) ? patch['action'] : undefined;
    if (typeof action !== 'string') throw new Error(`Patch ${at} must be a mapping with an \`action\``);
    if (!PATCH_ACTIONS.has(action)) {
      throw new Error(`Unknown action '${action}' in patch ${at}. Valid: ${[...PATCH_ACTIONS].join(', ')}`);
    }
  }
  const about = {
    ...(value['name'] !== undefined && { name: nameOf(value['name']) }),
    ...(value['description'] !== undefined && { description: descriptionOf(value) }),
    ...(value['tags'] !== undefined && { tags: tagsOf(value) }),
  };
  const read = patches.map((patch: Mapping) => ({ action: String(patch['action']), fields: patch }));
  return { kind: 'fork', about, source, patches: read };
}

function nameOf(value: unknown): string {
  if (typeof value !== 'string' || value.trim() === '') throw new Error('`name` must be a text');
  if (value.length > MAX_NAME) throw new Error(`\`name\` may have at most ${MAX_NAME} characters`);
  return value.trim();
}

function descriptionOf({ description = '' }: Mapping): string {
  if (description === null) return '';
  if (typeof description !== 'string') throw new Error('`description` must be a text');
  return description.slice(0, MAX_DESCRIPTION);
}

function tagsOf({ tags }: Mapping): string[] {
  if (tags === undefined || tags === null) return [];
  const isFit = Array.isArray(tags) && tags.length <= 100;
  if (isFit && tags.every((tag) => typeof tag === 'string' && tag.length <= 100)) return tags as string[];
  throw new Error('`tags` must be a list of at most 100 short texts');
}

/** `inherit` alone is short for a mapping that says so. */
export function readModel(value: unknown, what: string): Mapping {
  if (value === undefined || value === null) return {};
  if (value === 'inherit') return { inherit: true };
  if (value === 'discover') return { discover: true };
  if (isMapping(value)) return value;
  throw new Error(`${what} must be a mapping, or the word inherit`);
}

/** The trigger with its settings, which may also stand in its own mapping. */
export function readTrigger(value: Mapping): { readonly trigger: string; readonly triggerConfig: Mapping } {
  const { trigger, trigger_config: config = {} } = value;
  if (config !== null && !isMapping(config)) throw new Error('`trigger_config` must be a mapping');
  const { type: _, ...own } = isMapping(trigger) ? trigger : {};
  return { trigger: triggerOf(trigger), triggerConfig: { ...own, ...config } };
}

/** A word, or a mapping with it under `type`. */
function triggerOf(value: unknown): string {
  const word = isMapping(value) ? (value['type'] ?? 'none') : (value ?? 'none');
  if (typeof word === 'string' && Object.hasOwn(TRIGGER_TYPES, word)) return word;
  throw new Error(`Unknown trigger type '${shown(word)}'. Valid: ${Object.keys(TRIGGER_TYPES).join(', ')}`);
}

export interface Place {
  readonly at: number;
  /** Those that are taken; the step's own is added. */
  readonly ids: Set<string>;
  /** Of the ids of steps in a loop's body. */
  readonly prefix: string | null;
}

/** Reads one step. @throws Error naming the step */
export function parseStep(value: unknown, { at, ids, prefix }: Place): Step {
  const where = prefix === null ? `Step ${at}` : `Step ${at} of the body of '${prefix}'`;
  if (!isMapping(value)) throw new Error(`${where} must be a mapping`);
  const type = value['type'] ?? (prefix === null ? undefined : 'code');
  if (type === undefined || type === null || type === '') throw new Error(`${where} is missing \`type\``);
  if (typeof type !== 'string' || !Object.hasOwn(STEP_TYPES, type)) {
    throw new Error(
      `${where}: unknown step type '${shown(type)}'. Valid: ${Object.keys(STEP_TYPES).join(', ')}`,
    );
  }
  const usual = prefix === null ? `${STEP_TYPES[type]}_${at + 1}` : `${prefix}_body_${at + 1}`;
  const id = value['id'] ?? usual;
  if (typeof id !== 'string' || !NODE_ID.test(id)) {
    throw new Error(`${where}: '${shown(id)}' is no id. Ids have letters, digits, _ and -, at most 64.`);
  }
  if (ids.has(id)) throw new Error(`${where}: duplicate step ID '${id}'`);
  ids.add(id);
  if (ids.size > MAX_STEPS) throw new Error(`There are more than ${MAX_STEPS} steps`);
  const after = readAfter(value['after'], where);
  return { id, after, type, fields: value, body: type === 'loop' ? parseBody(value['body'], id, ids) : [] };
}

function readAfter(value: unknown, where: string): readonly string[] | null {
  if (value === undefined || value === null) return null;
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length > 0 && list.every((one) => typeof one === 'string')) return list;
  throw new Error(`${where}: \`after\` must be the id of a step, or a list of such ids`);
}

function parseBody(value: unknown, loop: string, ids: Set<string>): Step[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new Error(`The \`body\` of '${loop}' must be a list`);
  return value.map((step: unknown, at) => parseStep(step, { at, ids, prefix: loop }));
}

export const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shown = (value: unknown): string =>
  (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, 100);
