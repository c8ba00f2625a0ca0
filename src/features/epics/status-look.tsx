import {
  Circle,
  CircleCheck,
  CirclePause,
  CirclePlay,
  CircleX,
  Lock,
  type LucideIcon,
  SquareX,
} from 'lucide-react';
import type { EpicStatus, TaskStatus } from '#domain/epic/status.ts';
import { Badge, type BadgeTone } from '#ui/badge.tsx';
import { cn } from '#ui/class-name.ts';

interface Look {
  readonly label: string;
  readonly tone: BadgeTone;
  readonly color: string;
  readonly Icon: LucideIcon;
}

const ended = {
  completed: {
    label: 'Completed',
    tone: 'success',
    color: 'text-status-success',
    Icon: CircleCheck,
  },
  failed: { label: 'Failed', tone: 'danger', color: 'text-status-failed', Icon: CircleX },
  cancelled: { label: 'Cancelled', tone: 'neutral', color: 'text-status-queued', Icon: SquareX },
} as const;

/** How each status of epics and tasks looks; no two share a shape. */
export const EPIC_LOOKS: Readonly<Record<EpicStatus, Look>> = {
  planning: { label: 'Planning', tone: 'neutral', color: 'text-status-queued', Icon: Circle },
  active: { label: 'Active', tone: 'accent', color: 'text-status-running', Icon: CirclePlay },
  paused: { label: 'Paused', tone: 'warning', color: 'text-status-waiting', Icon: CirclePause },
  ...ended,
};
export const TASK_LOOKS: Readonly<Record<TaskStatus, Look>> = {
  pending: { label: 'Pending', tone: 'neutral', color: 'text-status-queued', Icon: Circle },
  blocked: { label: 'Blocked', tone: 'warning', color: 'text-status-waiting', Icon: Lock },
  running: { label: 'Running', tone: 'accent', color: 'text-status-running', Icon: CirclePlay },
  ...ended,
};

/** The shape of a status in its colour; decorative. */
export function LookIcon({ look, className }: { look: Look; className?: string }) {
  const { Icon, color } = look;
  return <Icon aria-hidden className={cn('size-4 shrink-0', color, className)} />;
}

/** An epic's status as shape, colour and word. */
export function EpicStatusBadge({ status }: { status: EpicStatus }) {
  const look = EPIC_LOOKS[status];
  return (
    <Badge tone={look.tone} icon={<LookIcon look={look} />}>
      {look.label}
    </Badge>
  );
}

/** The choices of a select of statuses. */
export function lookItems<S extends string>(looks: Readonly<Record<S, Look>>) {
  return (Object.keys(looks) as S[]).map((value) => ({
    value,
    label: looks[value].label,
    icon: <LookIcon look={looks[value]} />,
  }));
}
