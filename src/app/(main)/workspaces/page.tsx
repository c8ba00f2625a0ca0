import type { Metadata } from 'next';
import { SandboxListScreen } from '#features/sandboxes/sandbox-list-screen.tsx';

export const metadata: Metadata = { title: 'Workspaces' };

export default function Page() {
  return <SandboxListScreen />;
}
