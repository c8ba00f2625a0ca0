import type { GraphCommand } from '#domain/graph/command.ts';

/**
 * The same change in fewer commands: of several updates or moves of a node in a row only the last counts. Commands
 * keep their order otherwise, so the result means exactly what the input meant.
 */
export function compacted(commands: readonly GraphCommand[]): GraphCommand[] {
  const out: GraphCommand[] = [];
  for (const command of commands) {
    const last = out.at(-1);
    if (last?.kind === 'move_node' && command.kind === 'move_node' && last.id === command.id) {
      out[out.length - 1] = command;
    } else if (last?.kind === 'update_node' && command.kind === 'update_node' && last.id === command.id) {
      out[out.length - 1] = { ...last, ...command };
    } else out.push(command);
  }
  return out;
}
