import type { Metadata } from 'next';
import { ScheduleListScreen } from '#features/schedules/schedule-list-screen.tsx';

export const metadata: Metadata = { title: 'Schedules' };

export default function Page() {
  return <ScheduleListScreen />;
}
