/** The name of the signal that a step, or a call of a tool within it, waits for. */
export const sourceOf = (kind: string, call: string): string => (call === '' ? kind : `${kind}:${call}`);
