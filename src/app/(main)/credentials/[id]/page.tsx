import type { Metadata } from 'next';
import { CredentialScreen } from '#features/credentials/credential-screen.tsx';

export const metadata: Metadata = { title: 'Credential' };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <CredentialScreen credentialId={decodeURIComponent(id)} />;
}
