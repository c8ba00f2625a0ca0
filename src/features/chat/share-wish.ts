import type { InputOf, OutputOf } from '#contract/contract.ts';

export type PageSettings = OutputOf<'chat', 'page'>;
export type PageWish = Omit<InputOf<'chat', 'savePage'>, 'workflow_slug'>;

/** The settings of a page as they are sent back. */
export function wishOf(page: PageSettings): PageWish {
  const { page_id: _, path: __, used_tokens_today: ___, used_usd_today: ____, ...wish } = page;
  return wish;
}

/** What a site puts into its pages to show the widget. */
export function snippetOf(origin: string, path: string): string {
  const pageId = path.slice(path.lastIndexOf('/') + 1);
  return `<script src="${origin}/widget.js" data-chat="${pageId}" async></script>`;
}

/** The origin of an address somebody pasted, such as `https://www.example.com`; what is none stays as it is. */
export function originIn(text: string): string {
  const typed = text.trim().replace(/\/+$/, '');
  if (!/^https?:\/\//i.test(typed) || typed.includes('*')) return typed;
  try {
    return new URL(typed).origin;
  } catch {
    return typed;
  }
}
