import type { Metadata } from 'next';
import { MemoryScreen } from '#features/memories/memory-screen.tsx';

export const metadata: Metadata = { title: 'Memories' };

export default function Page() {
  return <MemoryScreen />;
}
