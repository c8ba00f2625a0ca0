import type { Metadata } from 'next';
import { ProfileScreen } from '#features/account/profile-screen.tsx';

export const metadata: Metadata = { title: 'Profile' };

export default function Page() {
  return <ProfileScreen />;
}
