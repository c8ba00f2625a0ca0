import { suggestion } from './nearest.ts';
import type { PathPart, Reference } from './reference.ts';
import { MissingValueError } from './template-error.ts';

/**
 * What a template can see: `trigger`, `nodes` (outputs by node id, then by port), `inputs`, `run`, ….
 * Plain JSON only. A node id may also stand alone as a root: `{{ agent_1.output }}` is
 * `{{ nodes["agent_1"].output }}`, unless the context has a root of that name.
 */
export type TemplateContext = Readonly<Record<string, unknown>>;

/** The value named `root`: an own root of the context, else the outputs of the node with that id. */
export function rootValue(context: TemplateContext, root: string): unknown {
  if (Object.hasOwn(context, root)) return context[root];
  const nodes = Object.hasOwn(context, 'nodes') ? context['nodes'] : undefined;
  return stepInto(nodes, root);
}

/** Follows a path by own properties only; undefined where any step is missing. */
export function resolvePath(context: TemplateContext, path: readonly PathPart[]): unknown {
  let value = rootValue(context, String(path[0]));
  for (let i = 1; i < path.length && value !== undefined; i++) value = stepInto(value, path[i] ?? '');
  // JSON holds no functions; one that got in by mistake must not come out.
  return typeof value === 'function' ? undefined : value;
}

/** The value of a reference. @throws MissingValueError saying which step is missing and what is there instead. */
export function resolveReference(context: TemplateContext, reference: Reference): unknown {
  const value = resolvePath(context, reference.path);
  if (value === undefined)
    throw new MissingValueError(reference.text, missingReason(context, reference.path));
  return value;
}

/** Explains in words why a path leads nowhere, for a person who has to correct it. */
export function missingReason(context: TemplateContext, path: readonly PathPart[]): string {
  for (let length = 1; length <= path.length; length++) {
    if (resolvePath(context, path.slice(0, length)) !== undefined) continue;
    const key = String(path[length - 1]);
    if (length === 1) return `nothing is called “${key}” here.${suggestion(key, rootNames(context))}`;
    const parent = resolvePath(context, path.slice(0, length - 1));
    return `${pathText(path.slice(0, length - 1))} ${lacks(parent, key)}`;
  }
  return 'it is not there.';
}

/** A path as a person would write it: `items[0]["odd key"]`. */
export function pathText(path: readonly PathPart[]): string {
  return path
    .map((part, i) => {
      if (i === 0) return String(part);
      if (typeof part === 'number') return `[${part}]`;
      return /^[\p{L}_][\p{L}\p{N}_-]*$/u.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`;
    })
    .join('');
}

function stepInto(value: unknown, part: PathPart): unknown {
  if (typeof value === 'string') return part === 'size' || part === 'length' ? value.length : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return stepIntoList(value, part);
  return Object.hasOwn(value, part) ? Reflect.get(value, part) : undefined;
}

/** Lists answer to an index and to the four names Liquid gives them, so adding a filter changes nothing. */
function stepIntoList(list: readonly unknown[], part: PathPart): unknown {
  if (part === 'size' || part === 'length') return list.length;
  if (part === 'first') return list[0];
  if (part === 'last') return list.at(-1);
  const index = typeof part === 'number' ? part : /^\d{1,9}$/.test(part) ? Number(part) : -1;
  return list[index];
}

function rootNames(context: TemplateContext): string[] {
  const nodes = context['nodes'];
  return [
    ...Object.keys(context),
    ...(typeof nodes === 'object' && nodes !== null ? Object.keys(nodes) : []),
  ];
}

function lacks(parent: unknown, key: string): string {
  if (parent === null) return `is null, so it has no “${key}”.`;
  if (Array.isArray(parent)) return `is a list of ${parent.length}, it has no “${key}”.`;
  if (typeof parent !== 'object') return `is a ${typeof parent}, it has no “${key}”.`;
  const keys = Object.keys(parent);
  const hint = suggestion(key, keys);
  if (keys.length === 0) return `is empty, it has no “${key}”.`;
  const shown = keys.slice(0, 8).map((name) => (name.length > 40 ? `${name.slice(0, 40)}…` : name));
  return `has no “${key}”.${hint} It has: ${shown.join(', ')}${keys.length > 8 ? ', …' : ''}.`;
}
