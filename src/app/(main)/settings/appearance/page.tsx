import type { Metadata } from 'next';
import { AppearanceScreen } from '#features/account/appearance-screen.tsx';

export const metadata: Metadata = { title: 'Appearance' };

export default function Page() {
  return <AppearanceScreen />;
}
