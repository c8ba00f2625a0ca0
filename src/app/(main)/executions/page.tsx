import type { Metadata } from 'next';
import { ExecutionListScreen } from '#features/executions/execution-list-screen.tsx';

export const metadata: Metadata = { title: 'Executions' };

export default function Page() {
  return <ExecutionListScreen />;
}
