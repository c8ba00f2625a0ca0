import type { Metadata } from 'next';
import { SecurityScreen } from '#features/account/security-screen.tsx';

export const metadata: Metadata = { title: 'Security' };

export default function Page() {
  return <SecurityScreen />;
}
