import type { Metadata } from 'next';
import { EpicScreen } from '#features/epics/epic-screen.tsx';

export const metadata: Metadata = { title: 'Epic' };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <EpicScreen epicId={decodeURIComponent(id)} />;
}
