import type { TriggerKind } from '#domain/node/definition.ts';

const keyOf = (slug: string, trigger: string): string => `pipewright:payload:${slug}:${trigger}`;

/** The payload text a trigger was last run with by hand; null when it never was. */
export function lastPayload(slug: string, trigger: string): string | null {
  try {
    return window.localStorage.getItem(keyOf(slug, trigger));
  } catch {
    return null;
  }
}

const BLANKS: Partial<Record<TriggerKind, unknown>> = {
  webhook: { body: {}, query: {}, headers: {}, method: 'POST' },
};

/** What a payload of this kind of trigger looks like, to be filled in. */
export function blankPayload(trigger: TriggerKind | undefined): string {
  const blank = trigger && BLANKS[trigger];
  return blank ? JSON.stringify(blank, null, 2) : '{}';
}

export function rememberPayload(slug: string, trigger: string, text: string): void {
  try {
    window.localStorage.setItem(keyOf(slug, trigger), text);
  } catch {
    // Without storage the form simply starts empty next time.
  }
}
