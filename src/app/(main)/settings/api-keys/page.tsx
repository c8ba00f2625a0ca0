import type { Metadata } from 'next';
import { ApiKeyScreen } from '#features/account/api-key-screen.tsx';

export const metadata: Metadata = { title: 'API keys' };

export default function Page() {
  return <ApiKeyScreen />;
}
