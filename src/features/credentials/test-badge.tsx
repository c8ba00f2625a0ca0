import { RelativeTime } from '#ui/relative-time.tsx';
import { StatusBadge } from '#ui/status-badge.tsx';
import type { Credential } from './credential.ts';

/** How the last test went, and when that was. */
export function TestBadge({ credential }: { credential: Credential }) {
  const { last_test, testable } = credential;
  if (last_test === null) return <span className="text-subtle">{testable ? 'Not tested' : '–'}</span>;
  return (
    <span title={last_test.error || undefined}>
      <StatusBadge
        appearance="inline"
        status={last_test.ok ? 'success' : 'failed'}
        label={last_test.ok ? 'Works' : 'Fails'}
      />{' '}
      <RelativeTime value={last_test.at} className="text-xs text-subtle" />
    </span>
  );
}
