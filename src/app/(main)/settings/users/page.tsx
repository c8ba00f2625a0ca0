import type { Metadata } from 'next';
import { AdminOnly } from '#features/account/admin-only.tsx';
import { UserListScreen } from '#features/users/user-list-screen.tsx';

export const metadata: Metadata = { title: 'Users' };

export default function Page() {
  return (
    <AdminOnly>
      <UserListScreen />
    </AdminOnly>
  );
}
