import type { Epic } from './epic.ts';

type Counted = Pick<Epic, 'total_tasks' | 'completed_tasks' | 'failed_tasks'>;

/** How far an epic is: a bar of completed and failed tasks, with the numbers beside it. */
export function ProgressBar({ epic }: { epic: Counted }) {
  const { total_tasks, completed_tasks, failed_tasks } = epic;
  const share = (count: number) => `${total_tasks === 0 ? 0 : (count / total_tasks) * 100}%`;
  const failed = failed_tasks > 0 ? `, ${failed_tasks} failed` : '';
  return (
    <span className="flex min-w-0 items-center gap-2">
      <span
        role="progressbar"
        aria-label="Completed tasks"
        aria-valuemin={0}
        aria-valuemax={Math.max(total_tasks, 1)}
        aria-valuenow={completed_tasks}
        aria-valuetext={`${completed_tasks} of ${total_tasks} tasks completed${failed}`}
        className="flex h-1.5 w-full min-w-12 max-w-40 overflow-hidden rounded-full bg-active"
      >
        <span className="bg-status-success transition-[width]" style={{ width: share(completed_tasks) }} />
        <span className="bg-status-failed transition-[width]" style={{ width: share(failed_tasks) }} />
      </span>
      <span className="whitespace-nowrap text-xs tabular-nums text-muted" aria-hidden>
        {completed_tasks}/{total_tasks}
      </span>
    </span>
  );
}
