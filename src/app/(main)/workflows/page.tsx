import type { Metadata } from 'next';
import { WorkflowListScreen } from '#features/workflows/workflow-list-screen.tsx';

export const metadata: Metadata = { title: 'Workflows' };

export default function Page() {
  return <WorkflowListScreen />;
}
