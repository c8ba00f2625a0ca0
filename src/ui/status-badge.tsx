import {
  Circle,
  CircleCheck,
  CircleMinus,
  CircleSlash,
  CircleX,
  Hand,
  Hourglass,
  type LucideIcon,
  SquareX,
} from 'lucide-react';
import { Badge, type BadgeTone } from './badge.tsx';
import { cn } from './class-name.ts';
import { Spinner } from './spinner.tsx';

export type Status =
  | 'queued'
  | 'running'
  | 'waiting'
  | 'success'
  | 'failed'
  | 'skipped'
  | 'cancelled'
  | 'disabled'
  | 'idle';

interface StatusLook {
  label: string;
  tone: BadgeTone;
  color: string;
  /** No two statuses share a shape, so colour is never the only difference. */
  Icon: LucideIcon | null;
}

const looks: Record<Status, StatusLook> = {
  queued: { label: 'Queued', tone: 'neutral', color: 'text-status-queued', Icon: Hourglass },
  running: { label: 'Running', tone: 'accent', color: 'text-status-running', Icon: null },
  waiting: { label: 'Waiting', tone: 'warning', color: 'text-status-waiting', Icon: Hand },
  success: { label: 'Succeeded', tone: 'success', color: 'text-status-success', Icon: CircleCheck },
  failed: { label: 'Failed', tone: 'danger', color: 'text-status-failed', Icon: CircleX },
  skipped: { label: 'Skipped', tone: 'neutral', color: 'text-status-skipped', Icon: CircleMinus },
  cancelled: { label: 'Cancelled', tone: 'neutral', color: 'text-status-queued', Icon: SquareX },
  disabled: { label: 'Disabled', tone: 'neutral', color: 'text-status-skipped', Icon: CircleSlash },
  idle: { label: 'Not run', tone: 'neutral', color: 'text-status-skipped', Icon: Circle },
};

/** The English word for a status. */
export function statusLabel(status: Status): string {
  return looks[status].label;
}

/** The shape of a status in its colour. Decorative unless `label` is given. */
export function StatusIcon({
  status,
  size = 16,
  label,
  className,
}: {
  status: Status;
  /** Pixels. */
  size?: number | undefined;
  label?: string | undefined;
  className?: string | undefined;
}) {
  const { Icon, color } = looks[status];
  return (
    <span className={cn('inline-flex shrink-0', color, className)}>
      {Icon === null ? (
        <span className="inline-flex [&_svg]:size-full" style={{ width: size, height: size }}>
          <Spinner className="size-full" />
        </span>
      ) : (
        <Icon size={size} strokeWidth={2} aria-hidden style={{ width: size, height: size }} />
      )}
      {label ? <span className="sr-only">{label}</span> : null}
    </span>
  );
}

export interface StatusBadgeProps {
  status: Status;
  /** Replaces the usual word. */
  label?: string | undefined;
  appearance?: 'badge' | 'inline' | undefined;
  className?: string | undefined;
}

/** A status as shape, colour and word. */
export function StatusBadge({ status, label, appearance = 'badge', className }: StatusBadgeProps) {
  const look = looks[status];
  const text = label ?? look.label;
  if (appearance === 'inline') {
    return (
      <span
        className={cn('inline-flex items-center gap-1.5 whitespace-nowrap align-middle text-sm', className)}
      >
        <StatusIcon status={status} size={15} />
        {text}
      </span>
    );
  }
  return (
    <Badge tone={look.tone} icon={<StatusIcon status={status} size={12} />} className={className}>
      {text}
    </Badge>
  );
}
