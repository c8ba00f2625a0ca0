const keyOf = (slug: string, trigger: string): string => `pipewright:payload:${slug}:${trigger}`;

/** The payload text a trigger was last run with by hand; an empty object at first. */
export function lastPayload(slug: string, trigger: string): string {
  try {
    return window.localStorage.getItem(keyOf(slug, trigger)) ?? '{}';
  } catch {
    return '{}';
  }
}

export function rememberPayload(slug: string, trigger: string, text: string): void {
  try {
    window.localStorage.setItem(keyOf(slug, trigger), text);
  } catch {
    // Without storage the form simply starts empty next time.
  }
}
