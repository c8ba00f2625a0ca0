'use client';

import { useQuery } from '@tanstack/react-query';
import { CopyPlus, Ellipsis, Pause, Pencil, Play, SquarePen, Trash2, Zap } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { Card } from '#ui/card.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { Menu } from '#ui/menu.tsx';
import { Page, PageHeader } from '#ui/page-header.tsx';
import { SkeletonText } from '#ui/skeleton.tsx';
import { FireHistory } from './fire-history.tsx';
import { zoneOf } from './fire-time.tsx';
import { NextFires } from './next-fires.tsx';
import type { Schedule } from './schedule.ts';
import { ScheduleFacts } from './schedule-fact.tsx';
import { type FormPurpose, ScheduleForm } from './schedule-form.tsx';
import { ScheduleStatusBadge } from './schedule-status.tsx';
import { switchSchedules, useDeleteSchedules, useRunNow } from './use-schedule-action.ts';

/** A fire that has been made moves the times ahead on. */
const REFRESH_MS = 4_000;

/** A loaded schedule. */
export function ScheduleDetail({ schedule }: { schedule: Schedule }) {
  const [form, setForm] = useState<FormPurpose | null>(null);
  const timezone = zoneOf(schedule);
  const copy = () => setForm({ kind: 'copy', schedule });
  return (
    <Page>
      <PageHeader
        breadcrumbs={[{ label: 'Schedules', href: '/schedules' }, { label: schedule.name }]}
        title={schedule.name}
        description={schedule.description || undefined}
        meta={<ScheduleStatusBadge status={schedule.status} />}
        actions={
          <Actions schedule={schedule} onEdit={() => setForm({ kind: 'edit', schedule })} onCopy={copy} />
        }
      />
      <Trouble schedule={schedule} onCopy={copy} />
      <div className="grid items-start gap-6 lg:grid-cols-[1fr_22rem]">
        <div className="order-2 min-w-0 lg:order-1">
          <h2 className="mb-3 text-base font-semibold">History</h2>
          <FireHistory scheduleId={schedule.id} timezone={timezone} />
        </div>
        <div className="order-1 flex min-w-0 flex-col gap-6 lg:order-2">
          <Card title="Next five runs" description={timezone}>
            <Upcoming schedule={schedule} timezone={timezone} />
          </Card>
          <Card title="Settings">
            <ScheduleFacts schedule={schedule} timezone={timezone} />
          </Card>
        </div>
      </div>
      {form ? <ScheduleForm purpose={form} onClose={() => setForm(null)} /> : null}
    </Page>
  );
}

interface ActionsProps {
  schedule: Schedule;
  onEdit: () => void;
  onCopy: () => void;
}

function Actions({ schedule, onEdit, onCopy }: ActionsProps) {
  const router = useRouter();
  const runNow = useRunNow();
  const remove = useDeleteSchedules();
  const [busy, setBusy] = useState(false);
  const during = (work: Promise<unknown>) => {
    setBusy(true);
    void work.finally(() => setBusy(false));
  };
  const { status } = schedule;
  return (
    <>
      {status === 'active' ? (
        <Button icon={<Pause />} disabled={busy} onClick={() => during(switchSchedules([schedule], 'pause'))}>
          Pause
        </Button>
      ) : null}
      {status === 'paused' ? (
        <Button icon={<Play />} disabled={busy} onClick={() => during(switchSchedules([schedule], 'resume'))}>
          Resume
        </Button>
      ) : null}
      <Button icon={<Pencil />} onClick={onEdit}>
        Edit
      </Button>
      <Button variant="primary" icon={<Zap />} disabled={busy} onClick={() => during(runNow(schedule))}>
        Run now
      </Button>
      <Menu
        align="end"
        trigger={<IconButton label="More actions" icon={<Ellipsis />} variant="secondary" />}
        items={[
          { label: 'Make a copy', icon: <CopyPlus />, onSelect: onCopy },
          { label: 'Open the workflow', icon: <SquarePen />, href: `/workflows/${schedule.workflow_slug}` },
          { type: 'separator' },
          {
            label: 'Delete',
            icon: <Trash2 />,
            danger: true,
            onSelect: () => void remove([schedule]).then((gone) => gone && router.push('/schedules')),
          },
        ]}
      />
    </>
  );
}

/** Why it does not run any more, or what went wrong last, with the way out. */
function Trouble({ schedule, onCopy }: { schedule: Schedule; onCopy: () => void }) {
  const { status, last_error, current_retry } = schedule;
  if (status === 'dead') {
    return (
      <ErrorNotice
        className="mb-6"
        title="It gave up, because too many runs in a row failed"
        description={`${last_error} Mend the workflow, then start a copy of this schedule.`.trim()}
        action={
          <Button size="sm" icon={<CopyPlus />} onClick={onCopy}>
            Start a copy
          </Button>
        }
      />
    );
  }
  if (last_error === '') return null;
  return (
    <ErrorNotice
      className="mb-6"
      tone="warning"
      title={current_retry > 0 ? `The last run failed (${current_retry} in a row)` : 'The last run failed'}
      description={last_error}
    />
  );
}

const NOTHING_AHEAD: Readonly<Record<Schedule['status'], string>> = {
  active: 'Nothing is ahead: the last run is under way.',
  paused: 'None while it is paused. Resume it to go on.',
  done: 'None: it has come to its end.',
  dead: 'None: it gave up.',
};

function Upcoming({ schedule, timezone }: { schedule: Schedule; timezone: string }) {
  const next = useQuery(
    trpc.schedules.next.queryOptions({ schedule_id: schedule.id }, { refetchInterval: REFRESH_MS }),
  );
  if (!next.data) return <SkeletonText lines={5} />;
  const fires = next.data.items.map((one) => one.run_at);
  if (fires.length === 0) return <p className="text-sm text-muted">{NOTHING_AHEAD[schedule.status]}</p>;
  return <NextFires fires={fires} timezone={timezone} />;
}
