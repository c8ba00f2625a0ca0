import type { z } from 'zod';
import { suggestion } from '#domain/expression/nearest.ts';
import type { AnyDefinition } from '#domain/node/definition.ts';
import { isMapping, type Mapping, type Step } from './parse.ts';

/** Fields every step may have, which are no part of its node's configuration. */
const COMMON = ['id', 'type', 'label', 'after', 'config', 'settings', 'next'];
const MODEL_FIELDS = ['model', 'parser'];
const TOOL_FIELDS = ['tools', 'skills'];

interface Face {
  /** Words of the step language, and the config fields they stand for. */
  readonly rename?: Readonly<Record<string, string>>;
  /** Words that mean something to the compiler alone. */
  readonly own?: readonly string[];
  /** Words of other systems' documents that mean nothing here. */
  readonly ignored?: readonly string[];
  readonly change?: (config: Record<string, unknown>, look: Look) => Record<string, unknown>;
}

/** What turning fields into a config may ask about the whole document. */
export interface Look {
  /** Ids of all steps, and `trigger`. */
  readonly known: ReadonlySet<string>;
}

const AI = { rename: { prompt: 'system_prompt' }, own: MODEL_FIELDS };

const FACES: Readonly<Record<string, Face>> = {
  agent: {
    rename: { prompt: 'system_prompt', memory: 'conversation_memory' },
    own: [...MODEL_FIELDS, ...TOOL_FIELDS],
  },
  deep_agent: {
    rename: { prompt: 'system_prompt', memory: 'conversation_memory', todos: 'enable_todos' },
    own: [...MODEL_FIELDS, ...TOOL_FIELDS],
  },
  categorizer: { ...AI, own: [...MODEL_FIELDS, 'default'], change: withCategories },
  router: {
    rename: { prompt: 'system_prompt', field: 'condition_field', expression: 'condition_expression' },
    own: [...MODEL_FIELDS, 'default'],
    change: withRoutes,
  },
  extractor: { rename: { prompt: 'system_prompt', schema: 'extraction_schema' }, own: MODEL_FIELDS },
  code: { own: ['timeout'], change: withTimeout },
  transform: { own: ['template'], change: withTemplate },
  switch: { own: ['default'], change: withWays },
  assertion: { ignored: ['pass_threshold', 'use_llm_judge'], change: withFields },
  loop: { own: ['over', 'body'] },
  workflow: { rename: { workflow: 'target_workflow', payload: 'input_mapping' } },
  human: { rename: { message: 'prompt' } },
  wait: { rename: { delay: 'duration', delay_unit: 'unit' } },
  merge: { ignored: ['source_nodes'] },
  filter: { ignored: ['source_node'] },
};

/** The config of a step's node, and what is wrong with the step's fields: sentences that begin with the field. */
export function configOfStep(
  { type, fields }: Step,
  definition: AnyDefinition,
  look: Look,
): { readonly config: Record<string, unknown>; readonly problems: string[] } {
  const { rename = {}, own = [], ignored = [], change } = FACES[type] ?? {};
  const known = Object.keys(definition.config.shape);
  const config: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [word, value] of Object.entries(fields)) {
    if (COMMON.includes(word) || ignored.includes(word)) continue;
    const field = rename[word] ?? word;
    if (own.includes(word)) config[word] = value;
    else if (known.includes(field)) config[field] = value;
    else problems.push(unknownField(word, [...Object.keys(rename), ...own, ...known]));
  }
  if (fields['config'] !== undefined && fields['config'] !== null && !isMapping(fields['config'])) {
    problems.push('config: Must be a mapping of the node’s own fields.');
  }
  const given = { ...config, ...(isMapping(fields['config']) ? fields['config'] : {}) };
  const changed = change ? change(given, look) : given;
  const kept = Object.entries(changed).filter(([key]) => known.includes(key) || !own.includes(key));
  const all = Object.fromEntries(kept);
  return { config: all, problems: [...problems, ...schemaProblems(definition, all)] };
}

function unknownField(word: string, all: readonly string[]): string {
  const shown = word.slice(0, 60);
  return `${shown}: There is no such field.${suggestion(word, all)} There are ${[...new Set(all)].join(', ')}.`;
}

/** What a node type says about a config, field by field. */
export function schemaProblems(definition: AnyDefinition, config: Mapping): string[] {
  const stray = Object.keys(config).filter((key) => !Object.hasOwn(definition.config.shape, key));
  const read: z.ZodSafeParseResult<unknown> = definition.config.safeParse(config);
  const issues = read.success ? [] : read.error.issues;
  return [
    ...stray.map((key) => unknownField(key, Object.keys(definition.config.shape))),
    ...issues.map(({ path, message }) => `${path.map(String).join('.') || 'config'}: ${message}`),
  ];
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A path that begins with a step or the trigger looks there, not into what arrives. */
function looking(rule: unknown, { known }: Look): unknown {
  if (!isMapping(rule)) return rule;
  const { route: _, field, ...rest } = rule;
  const path = typeof field === 'string' ? field : null;
  if (path !== null && path.includes('{{')) return { ...rest, left: path };
  const [head = ''] = path?.split('.') ?? [];
  if (path !== null && path.includes('.') && known.has(head)) return { ...rest, left: `{{ ${path} }}` };
  return field === undefined ? rest : { ...rest, field };
}

function withFields(config: Record<string, unknown>, look: Look): Record<string, unknown> {
  return Array.isArray(config['rules'])
    ? { ...config, rules: config['rules'].map((rule) => looking(rule, look)) }
    : config;
}

function withWays(config: Record<string, unknown>, look: Look): Record<string, unknown> {
  const rules = listOf(config['rules']).map((rule, at, all) => {
    const looked = looking(rule, look);
    return isMapping(looked) ? { ...looked, id: wayName(rule, at, all) } : looked;
  });
  return { ...config, rules, ...(hasDefault(config) && { enable_fallback: true }) };
}

/** A field that is there and empty says nothing. */
const hasDefault = (config: Record<string, unknown>): boolean =>
  config['default'] !== undefined && config['default'] !== null;

/** The port a rule of a switch leaves by: its id, else the step it leads to, which several rules may. */
export function wayName(rule: unknown, at: number, all: readonly unknown[]): string {
  const { id, route } = isMapping(rule) ? rule : {};
  if (typeof id === 'string' && id !== '') return id;
  if (typeof route !== 'string' || route === '' || route === '__end__') return `rule_${at + 1}`;
  const isTaken = all.some(
    (one, n) => isMapping(one) && (one['id'] === route || (n < at && one['route'] === route)),
  );
  return isTaken ? `${route}_${at + 1}` : route;
}

function withCategories(config: Record<string, unknown>): Record<string, unknown> {
  const categories = listOf(config['categories']).map(withoutRoute);
  return { ...config, categories, ...(hasDefault(config) && { fallback: '__other__' }) };
}

function withRoutes(config: Record<string, unknown>): Record<string, unknown> {
  const fallback = hasDefault(config) && { enable_fallback: true };
  if (config['routes'] === undefined) return { ...config, ...fallback };
  const routes = listOf(config['routes']).map(withoutRoute);
  return { ...config, routes, ...fallback };
}

function withoutRoute(choice: unknown): unknown {
  if (typeof choice === 'string') return { name: choice };
  if (!isMapping(choice)) return choice;
  const { route: _, ...rest } = choice;
  return rest;
}

/** Seconds in the step language, milliseconds in the node. */
function withTimeout({ timeout, ...config }: Record<string, unknown>): Record<string, unknown> {
  if (timeout === undefined || timeout === null) return config;
  const seconds = typeof timeout === 'string' && timeout.trim() !== '' ? Number(timeout) : timeout;
  const isTime = typeof seconds === 'number' && Number.isFinite(seconds);
  // What is no time stays what it is, and the node says what is wrong with it.
  return { ...config, timeout_ms: isTime ? Math.round(seconds * 1000) : timeout };
}

function withTemplate({ template, ...config }: Record<string, unknown>): Record<string, unknown> {
  return template === undefined ? config : { mode: 'text', text: template, ...config };
}
