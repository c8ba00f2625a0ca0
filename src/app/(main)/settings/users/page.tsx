import type { Metadata } from 'next';
import { UserListScreen } from '#features/users/user-list-screen.tsx';

export const metadata: Metadata = { title: 'Users' };

export default function Page() {
  return <UserListScreen />;
}
