import type { BadgeTone } from '#ui/badge.tsx';

/** An action of the audit log in words: `sign_in_failed` becomes “Sign in failed”. */
export function actionLabel(action: string): string {
  const words = action.replaceAll('_', ' ').replaceAll(/\bmfa\b/g, 'MFA');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const REFUSED = /_(failed|refused|denied)$/;
const TAKEN_AWAY = /_(deleted|disabled|revoked|reset)$/;

/** How much an action asks for a second look. */
export function actionTone(action: string): BadgeTone {
  if (REFUSED.test(action)) return 'danger';
  return TAKEN_AWAY.test(action) ? 'warning' : 'neutral';
}
