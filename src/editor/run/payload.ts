const keyOf = (slug: string, trigger: string): string => `pipewright:payload:${slug}:${trigger}`;

/** The payload text a trigger was last run with by hand; null when it never was. */
export function lastPayload(slug: string, trigger: string): string | null {
  try {
    return window.localStorage.getItem(keyOf(slug, trigger));
  } catch {
    return null;
  }
}

/** What a payload of this kind of trigger looks like, to be filled in. */
export function blankPayload(trigger: 'manual' | 'webhook' | undefined): string {
  const request = { body: {}, query: {}, headers: {}, method: 'POST' };
  return trigger === 'webhook' ? JSON.stringify(request, null, 2) : '{}';
}

export function rememberPayload(slug: string, trigger: string, text: string): void {
  try {
    window.localStorage.setItem(keyOf(slug, trigger), text);
  } catch {
    // Without storage the form simply starts empty next time.
  }
}
