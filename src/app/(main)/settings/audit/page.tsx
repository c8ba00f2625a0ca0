import type { Metadata } from 'next';
import { AdminOnly } from '#features/account/admin-only.tsx';
import { AuditScreen } from '#features/audit/audit-screen.tsx';

export const metadata: Metadata = { title: 'Audit log' };

export default function Page() {
  return (
    <AdminOnly>
      <AuditScreen />
    </AdminOnly>
  );
}
