'use client';

import { CircleAlert, Info, RotateCw, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { cn } from './class-name.ts';
import { CopyButton } from './copy-button.tsx';

const tones = {
  danger: { box: 'border-danger/30 bg-danger-soft', icon: 'text-danger-text', Icon: CircleAlert },
  warning: {
    box: 'border-status-waiting/40 bg-warning-soft',
    icon: 'text-warning-text',
    Icon: TriangleAlert,
  },
  info: { box: 'border-accent/25 bg-accent-soft', icon: 'text-accent-text', Icon: Info },
} as const;

export interface ErrorNoticeProps {
  /** What happened, in one sentence. */
  title: ReactNode;
  /** What to do about it. */
  description?: ReactNode;
  action?: ReactNode;
  onRetry?: (() => void) | undefined;
  retryLabel?: string | undefined;
  requestId?: string | undefined;
  /** Technical text, folded away. */
  details?: string | undefined;
  tone?: keyof typeof tones | undefined;
  compact?: boolean | undefined;
  /** Is part of what is read there and not announced: it may have happened long ago. */
  quiet?: boolean | undefined;
  className?: string | undefined;
}

/** Says what went wrong, what to do, and offers to try again. Errors are announced at once. */
export function ErrorNotice(props: ErrorNoticeProps) {
  const { title, description, tone = 'danger', compact = false, quiet = false, requestId, details } = props;
  const { box, icon, Icon } = tones[tone];
  return (
    <div
      role={quiet ? 'note' : tone === 'danger' ? 'alert' : 'status'}
      className={cn(
        'flex gap-2.5 rounded-lg border text-sm',
        compact ? 'px-3 py-2' : 'p-4',
        box,
        props.className,
      )}
    >
      <Icon className={cn('mt-0.5 size-4 shrink-0', icon)} aria-hidden />
      <div className="flex min-w-0 flex-1 flex-col gap-2">
        <div>
          <p className="break-words font-medium">{title}</p>
          {description ? <div className="mt-0.5 break-words text-muted">{description}</div> : null}
        </div>
        <NoticeActions {...props} />
        {requestId ? (
          <p className="flex items-center gap-1 text-xs text-muted">
            Request <code className="font-mono">{requestId}</code>
            <CopyButton value={requestId} label="Copy request id" size="sm" />
          </p>
        ) : null}
        {details ? (
          <details className="text-xs">
            <summary className="touch-target w-fit rounded-sm text-muted">Details</summary>
            <pre className="mt-2 max-h-60 overflow-auto whitespace-pre-wrap break-words rounded-md bg-surface/70 p-2 font-mono text-2xs">
              {details}
            </pre>
          </details>
        ) : null}
      </div>
    </div>
  );
}

function NoticeActions({ action, onRetry, retryLabel = 'Try again' }: ErrorNoticeProps) {
  if (!action && !onRetry) return null;
  return (
    <div className="flex flex-wrap items-center gap-2">
      {onRetry ? (
        <Button size="sm" icon={<RotateCw />} onClick={onRetry}>
          {retryLabel}
        </Button>
      ) : null}
      {action}
    </div>
  );
}
