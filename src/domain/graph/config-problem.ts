import { credentialsIn, missingName } from '../credential/reference.ts';
import { CONTEXT_ROOTS, checkReferences, type KnownNames } from '../expression/check.ts';
import type { Reference } from '../expression/reference.ts';
import { isTemplate, parseTemplate, referencesOf, type Template } from '../expression/template.ts';
import { TemplateSyntaxError } from '../expression/template-error.ts';
import type { AnyDefinition } from '../node/definition.ts';
import type { GraphNode } from './graph.ts';
import { CREDENTIAL_MISSING, named, type Problem } from './problem.ts';

/** What the config of one node may refer to. */
export interface ConfigScope {
  readonly known: KnownNames;
  /** Every node by id, for naming it. */
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** The nodes that lead to this one; asked only when a template refers to a node. */
  upstream(): ReadonlySet<string>;
}

/** Config fields that break the type's schema. A field filled by a template is only known once it is rendered. */
export function schemaProblems(node: GraphNode, definition: AnyDefinition): Problem[] {
  const read = definition.config.safeParse(node.config);
  if (read.success) return [];
  const problems = new Map<string, Problem>();
  for (const issue of read.error.issues) {
    const field = issue.path.map(String).join('.');
    const value = issue.path.reduce<unknown>((at, key) => stepInto(at, key), node.config);
    const verbatim = definition.verbatim?.includes(String(issue.path[0])) ?? false;
    if (!verbatim && typeof value === 'string' && isTemplate(value)) continue;
    if (problems.has(field)) continue;
    const message = `${named(node)}: ${field || 'the configuration'} — ${issue.message}`;
    problems.set(field, { level: 'error', code: 'config_invalid', nodeId: node.id, field, message });
  }
  return [...problems.values()];
}

/** Credentials that are named and not here: they were deleted, or the workflow came from elsewhere. */
export function credentialProblems(node: GraphNode, definition: AnyDefinition): Problem[] {
  return credentialsIn(node.config, definition).flatMap(({ field, value }): Problem[] => {
    const missing = missingName(value);
    if (missing === null) return [];
    const message = `${named(node)}: ${field} — the credential “${missing}” is not here. Choose another one.`;
    return [{ level: 'error', code: CREDENTIAL_MISSING, nodeId: node.id, field, message }];
  });
}

/** Templates that cannot be read, or refer to what is not there. */
export function templateProblems(node: GraphNode, definition: AnyDefinition, scope: ConfigScope): Problem[] {
  if (definition.trigger) return [];
  return Object.entries(node.config)
    .filter(([key]) => !definition.verbatim?.includes(key))
    .flatMap(([key, value]) => textsIn(value, key))
    .filter(({ text }) => isTemplate(text))
    .flatMap(({ field, text }) => problemsOfTemplate(node, field, text, scope));
}

function problemsOfTemplate(node: GraphNode, field: string, text: string, scope: ConfigScope): Problem[] {
  const place = { nodeId: node.id, field };
  const template = parsed(text);
  if (template instanceof TemplateSyntaxError) {
    const message = `${named(node)}: ${field} — ${template.message}`;
    return [{ level: 'error', code: 'template_syntax', message, ...place }];
  }
  const wrong = checkReferences(template, scope.known).map(
    (problem): Problem => ({
      level: 'error',
      code: 'unknown_reference',
      message: `${named(node)}: ${field} — {{ ${problem.text} }}: ${problem.message}`,
      ...place,
    }),
  );
  const early = referencesOf(template).flatMap((reference): Problem[] => {
    const other = scope.nodes.get(nodeOf(reference) ?? '');
    if (!other || scope.upstream().has(other.id)) return [];
    const why =
      other.id === node.id
        ? 'A node cannot read its own output.'
        : `${named(other)} does not lead here, so its value may be missing. Connect it, directly or through other nodes.`;
    const message = `${named(node)}: ${field} — {{ ${reference.text} }}: ${why}`;
    return [{ level: 'warning', code: 'not_upstream', message, ...place }];
  });
  return [...wrong, ...early];
}

function parsed(text: string): Template | TemplateSyntaxError {
  try {
    return parseTemplate(text);
  } catch (error) {
    if (error instanceof TemplateSyntaxError) return error;
    throw error;
  }
}

/** The node a reference reads: `{{ id.port }}` or `{{ nodes["id"].port }}`. */
function nodeOf({ path }: Reference): string | null {
  const root = String(path[0]);
  if (root === 'nodes') return path[1] === undefined ? null : String(path[1]);
  return CONTEXT_ROOTS.includes(root) ? null : root;
}

function textsIn(value: unknown, field: string): { field: string; text: string }[] {
  if (typeof value === 'string') return [{ field, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsIn(inner, `${field}.${key}`));
}

function stepInto(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined;
}
