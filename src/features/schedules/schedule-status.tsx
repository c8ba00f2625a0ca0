import { CircleCheck, CirclePause, CirclePlay, CircleX } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ScheduleStatus } from '#domain/schedule/timing.ts';
import { Badge, type BadgeTone } from '#ui/badge.tsx';

const LOOKS: Record<ScheduleStatus, { label: string; tone: BadgeTone; icon: ReactNode }> = {
  active: { label: 'Active', tone: 'success', icon: <CirclePlay /> },
  paused: { label: 'Paused', tone: 'warning', icon: <CirclePause /> },
  done: { label: 'Done', tone: 'neutral', icon: <CircleCheck /> },
  dead: { label: 'Gave up', tone: 'danger', icon: <CircleX /> },
};

/** The English word for a schedule's status. */
export const scheduleStatusLabel = (status: ScheduleStatus): string => LOOKS[status].label;

/** Whether a schedule goes on, as shape, colour and word. */
export function ScheduleStatusBadge({ status }: { status: ScheduleStatus }) {
  const { label, tone, icon } = LOOKS[status];
  return (
    <Badge tone={tone} icon={icon}>
      {label}
    </Badge>
  );
}
