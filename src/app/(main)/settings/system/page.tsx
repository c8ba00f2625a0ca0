import type { Metadata } from 'next';
import { SystemScreen } from '#features/system/system-screen.tsx';

export const metadata: Metadata = { title: 'System' };

export default function Page() {
  return <SystemScreen />;
}
