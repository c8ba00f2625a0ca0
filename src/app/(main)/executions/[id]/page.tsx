import type { Metadata } from 'next';
import { ExecutionView } from './execution-view.tsx';

export const metadata: Metadata = { title: 'Execution' };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <ExecutionView executionId={decodeURIComponent(id)} />;
}
