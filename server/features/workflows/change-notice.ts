/**
 * Tells the other parts of this process that a workflow changed, right after the commit: whoever saves and then
 * calls a webhook must meet what was saved, and the database's notification may still be under way.
 */
export class ChangeNotice {
  readonly #listeners = new Set<(workflowId: number) => void>();

  listen(listener: (workflowId: number) => void): void {
    this.#listeners.add(listener);
  }

  changed(workflowId: number): void {
    for (const listener of this.#listeners) listener(workflowId);
  }
}
