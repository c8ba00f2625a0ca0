import { readYaml } from '#server/features/workflows/yaml.ts';

const LONGEST_NAME = 100;
const LONGEST_DESCRIPTION = 2_000;

/** What stands between the `---` at the beginning of a SKILL.md; empty where there is nothing that can be read. */
export function packHead(text: string): { readonly name: string; readonly description: string } {
  const [, head] = /^\uFEFF?---\r?\n([\s\S]*?)\r?\n---/.exec(text) ?? [];
  const found = valuesOf(head ?? '');
  return {
    name: line(found['name']).slice(0, LONGEST_NAME),
    description: line(found['description']).slice(0, LONGEST_DESCRIPTION),
  };
}

function valuesOf(head: string): Record<string, unknown> {
  try {
    const value = readYaml(head);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // Descriptions with a colon in them are no YAML, and common.
    const lines = head.split(/\r?\n/).flatMap((one) => /^(\w+):\s*(.*)$/.exec(one)?.slice(1, 3) ?? []);
    const pairs = lines.flatMap((key, at) => (at % 2 === 0 ? [[key, lines[at + 1] ?? ''] as const] : []));
    return Object.fromEntries(pairs);
  }
}

/** A list of skills has one line for each. */
const line = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value).replaceAll(/\s+/g, ' ').trim() : '';
