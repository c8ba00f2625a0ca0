/** A task as far as dependencies go. */
export interface Dependent {
  readonly id: string;
  readonly depends_on: readonly string[];
}

/**
 * The way round when `taskId` depended on `dependsOn`: the ids from one of them back to the task, in order; null when
 * there is none.
 */
export function cycleThrough(
  tasks: readonly Dependent[],
  taskId: string,
  dependsOn: readonly string[],
): string[] | null {
  const known = new Map(tasks.map((task) => [task.id, task.depends_on]));
  const seen = new Set<string>();
  const open = dependsOn.map((id) => [id]);
  for (let way = open.pop(); way; way = open.pop()) {
    const last = way.at(-1) ?? '';
    if (last === taskId) return way;
    if (seen.has(last)) continue;
    seen.add(last);
    for (const next of known.get(last) ?? []) open.push([...way, next]);
  }
  return null;
}
