const LABELS: Readonly<Record<string, string>> = {
  manual: 'By hand',
  webhook: 'Webhook',
  schedule: 'Schedule',
  workflow: 'Another workflow',
  error: 'A failed run',
  gateway: 'A message',
  chat: 'Chat',
  telegram: 'Telegram',
};

/** How a run was started, in words. */
export const triggerLabel = (kind: string): string =>
  LABELS[kind.replace(/^trigger_/, '')] ?? kind.replace(/^trigger_/, '').replaceAll('_', ' ');
