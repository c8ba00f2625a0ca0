import type { Metadata } from 'next';
import { AgentListScreen } from '#features/users/agent-list-screen.tsx';

export const metadata: Metadata = { title: 'Agents' };

export default function Page() {
  return <AgentListScreen />;
}
