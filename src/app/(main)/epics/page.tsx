import type { Metadata } from 'next';
import { EpicListScreen } from '#features/epics/epic-list-screen.tsx';

export const metadata: Metadata = { title: 'Epics' };

export default function Page() {
  return <EpicListScreen />;
}
