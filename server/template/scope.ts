import { rootValue, type TemplateContext } from '#domain/expression/resolve.ts';

const WORD = /[\p{L}_][\p{L}\p{N}_-]*/gu;
/** `nodes` followed by anything but a name in quotes or after a dot: which node is meant shows only on rendering. */
const DYNAMIC_NODES = /(?<![\p{L}\p{N}_.-])nodes(?!\s*(?:\[\s*["']|\.\s*[\p{L}_]))/u;

/**
 * The part of the context that some Liquid templates can reach. Every word of a template that is a root or a node
 * id counts: more than needed, never less.
 */
export function scopeOf(templates: readonly string[], context: TemplateContext): Record<string, unknown> {
  const source = templates.join('\n');
  const scope: Record<string, unknown> = Object.create(null);
  for (const word of new Set(source.match(WORD))) {
    const value = word === 'nodes' ? namedNodes(source, context) : rootValue(context, word);
    if (value !== undefined) scope[word] = value;
  }
  return scope;
}

function namedNodes(source: string, context: TemplateContext): unknown {
  const nodes = rootValue(context, 'nodes');
  if (typeof nodes !== 'object' || nodes === null || DYNAMIC_NODES.test(source)) return nodes;
  return Object.fromEntries(Object.entries(nodes).filter(([id]) => source.includes(id)));
}
