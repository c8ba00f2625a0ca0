import { type AnyDefinition, NODE_CATEGORIES, type NodeCategory } from '#domain/node/definition.ts';

const CATEGORY_TITLES: Readonly<Record<NodeCategory, string>> = {
  trigger: 'Triggers',
  ai: 'AI',
  tool: 'Tools',
  memory: 'Memory',
  data: 'Data',
  logic: 'Logic',
  flow: 'Flow',
  network: 'Network',
  output: 'Output',
};

export interface TypeGroup {
  readonly title: string;
  readonly items: readonly AnyDefinition[];
}

/** The node types that answer a search, by category, in the order of the palette. */
export function groupedTypes(definitions: readonly AnyDefinition[], search: string): TypeGroup[] {
  const found = definitions.filter((definition) => matches(definition, search));
  return NODE_CATEGORIES.map((category) => ({
    title: CATEGORY_TITLES[category],
    items: found.filter((definition) => definition.category === category),
  })).filter((group) => group.items.length > 0);
}

/** Every word of the search occurs in the type's title, summary, name or category. */
export function matches(definition: AnyDefinition, search: string): boolean {
  const text =
    `${definition.title} ${definition.summary} ${definition.type} ${definition.category}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** How well a title answers a search, smaller is better: it begins with it, one of its words does, it only occurs. */
export function rankOf(title: string, search: string): number {
  const text = title.toLowerCase();
  const wanted = search.trim().toLowerCase();
  if (text.startsWith(wanted)) return 0;
  if (text.split(/\s+/).some((word) => word.startsWith(wanted))) return 1;
  return text.includes(wanted) ? 2 : 3;
}
