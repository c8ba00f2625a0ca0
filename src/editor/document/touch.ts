import type { GraphCommand } from '#domain/graph/command.ts';
import type { GraphNode } from '#domain/graph/graph.ts';

/** Nodes as they were before the commands; without it a whole config counts as touched. */
export type NodeBefore = (id: string) => GraphNode | undefined;

/**
 * What a list of commands changes, as keys: `node:a/label`, `node:a/config/url`, `node:a/position`, `node:a` for
 * its existence, `edge:7`. A key covers every longer key that starts with it and a slash.
 */
export function touchedBy(commands: readonly GraphCommand[], before: NodeBefore): Set<string> {
  const touched = new Set<string>();
  for (const command of commands) for (const key of keysOf(command, before)) touched.add(key);
  return touched;
}

function keysOf(command: GraphCommand, before: NodeBefore): string[] {
  switch (command.kind) {
    case 'add_node':
      return [`node:${command.node.id}`];
    case 'remove_node':
      return [`node:${command.id}`];
    case 'move_node':
      return [`node:${command.id}/position`];
    case 'add_edge':
      return [
        `edge:${command.edge.id}`,
        `node:${command.edge.source}/edges`,
        `node:${command.edge.target}/edges`,
      ];
    case 'remove_edge':
      return [`edge:${command.id}`];
    case 'update_node': {
      const root = `node:${command.id}`;
      const keys: string[] = [];
      if (command.label !== undefined) keys.push(`${root}/label`);
      if (command.settings) keys.push(`${root}/settings`);
      if (command.config)
        keys.push(...configKeys(`${root}/config`, command.config, before(command.id)?.config));
      return keys;
    }
  }
}

/** One key per field that really changes. */
function configKeys(root: string, after: object, before: object | undefined): string[] {
  if (!before) return [root];
  return changedFields(before, after).map((field) => `${root}/${field}`);
}

/** Names of the fields in which two configs differ. */
export function changedFields(before: object, after: object): string[] {
  const was = before as Record<string, unknown>;
  const is = after as Record<string, unknown>;
  const names = new Set([...Object.keys(was), ...Object.keys(is)]);
  return [...names].filter((name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]));
}

const covers = (outer: string, inner: string): boolean => inner === outer || inner.startsWith(`${outer}/`);

/** The keys in which two changes meet; two new edges at one node do not disturb each other. */
export function collisions(mine: ReadonlySet<string>, theirs: ReadonlySet<string>): string[] {
  const found: string[] = [];
  for (const one of mine) {
    for (const other of theirs) {
      if (one.endsWith('/edges') && other.endsWith('/edges')) continue;
      if (covers(one, other) || covers(other, one)) found.push(one.length >= other.length ? one : other);
    }
  }
  return [...new Set(found)];
}
