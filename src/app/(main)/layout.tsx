import { type ReactNode, Suspense } from 'react';
import { SessionGate } from '#features/account/session-gate.tsx';
import { UserMenu } from '#features/account/user-menu.tsx';
import { AppFrame } from '#features/shell/app-frame.tsx';

export default function MainLayout({ children }: { children: ReactNode }) {
  return (
    <Suspense>
      <SessionGate>
        <AppFrame userMenu={<UserMenu />}>{children}</AppFrame>
      </SessionGate>
    </Suspense>
  );
}
