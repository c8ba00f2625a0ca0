import type { Metadata } from 'next';
import { ScheduleScreen } from '#features/schedules/schedule-screen.tsx';

export const metadata: Metadata = { title: 'Schedule' };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <ScheduleScreen scheduleId={decodeURIComponent(id)} />;
}
