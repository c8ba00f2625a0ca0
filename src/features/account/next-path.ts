/** Where to go after signing in: the page that was asked for, or the start. Never another site. */
export function nextPath(next: string | null): string {
  if (!next?.startsWith('/') || next.startsWith('//') || next.includes('\\')) return '/workflows';
  const page = next.split('?', 1)[0];
  return page === '/login' || page === '/setup' ? '/workflows' : next;
}

/** The sign-in page, remembering the page it was asked from. */
export function loginPath(from: string): string {
  const next = nextPath(from);
  return next === '/workflows' ? '/login' : `/login?next=${encodeURIComponent(next)}`;
}
