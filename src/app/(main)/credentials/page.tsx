import type { Metadata } from 'next';
import { CredentialListScreen } from '#features/credentials/credential-list-screen.tsx';

export const metadata: Metadata = { title: 'Credentials' };

export default function Page() {
  return <CredentialListScreen />;
}
