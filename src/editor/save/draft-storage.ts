import type { GraphCommand } from '#domain/graph/command.ts';

/** Changes that are not saved yet, kept in the browser so that a reload or a crash loses none. */
export interface Draft {
  /** The revision the commands were made on. */
  readonly revision: number;
  readonly commands: readonly GraphCommand[];
}

/** Where drafts live; the browser's localStorage outside tests. */
export type DraftBox = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const keyOf = (slug: string): string => `pipewright:draft:${slug}`;

/** Stores the draft, or removes it when nothing is left to save. A full storage is reported as false. */
export function storeDraft(box: DraftBox, slug: string, draft: Draft): boolean {
  try {
    if (draft.commands.length === 0) box.removeItem(keyOf(slug));
    else box.setItem(keyOf(slug), JSON.stringify(draft));
    return true;
  } catch {
    // Storage is full or forbidden: saving goes on, only the safety net is missing.
    return false;
  }
}

/** The stored draft, or null when there is none that can be read. */
export function loadDraft(box: DraftBox, slug: string): Draft | null {
  try {
    const value: unknown = JSON.parse(box.getItem(keyOf(slug)) ?? 'null');
    const draft = value as Draft | null;
    if (!draft || typeof draft.revision !== 'number' || !Array.isArray(draft.commands)) return null;
    return draft.commands.length === 0 ? null : draft;
  } catch {
    return null;
  }
}
