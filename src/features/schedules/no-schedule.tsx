import { CalendarClock, Plus, SearchX } from 'lucide-react';
import { Button } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';

interface NoScheduleProps {
  filtered: boolean;
  onClear: () => void;
  onCreate: () => void;
}

/** The list when it is empty: because nothing was made yet, or because the filter hides everything. */
export function NoSchedule({ filtered, onClear, onCreate }: NoScheduleProps) {
  if (filtered) {
    return (
      <EmptyState
        icon={<SearchX />}
        title="Nothing matches"
        description="No schedule fits this search and these filters."
        actions={<Button onClick={onClear}>Clear the filter</Button>}
      />
    );
  }
  return (
    <EmptyState
      icon={<CalendarClock />}
      title="No schedules yet"
      description="A schedule runs a workflow again and again: every few minutes, or at fixed times such as every working day at 9:00. It keeps a record of every run."
      actions={
        <Button variant="primary" icon={<Plus />} onClick={onCreate}>
          Create schedule
        </Button>
      }
    />
  );
}
