'use client';

import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import { Toaster as Sonner } from 'sonner';
import { Spinner } from './spinner.tsx';

export { toast } from 'sonner';

const icons = {
  success: <CircleCheck className="size-4 text-success-text" />,
  error: <CircleAlert className="size-4 text-danger-text" />,
  warning: <TriangleAlert className="size-4 text-warning-text" />,
  info: <Info className="size-4 text-accent-text" />,
  loading: <Spinner className="text-subtle" />,
};

/** Where toasts appear. They report results of actions; validation belongs beside its field. */
export function Toaster() {
  return (
    <Sonner
      position="bottom-right"
      expand
      gap={8}
      style={{ fontFamily: 'inherit' }}
      offset={20}
      mobileOffset={{ bottom: 72, left: 12, right: 12 }}
      duration={5000}
      icons={icons}
      containerAriaLabel="Notifications"
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            'flex w-(--width) max-sm:w-full items-start gap-2.5 rounded-lg border bg-raised px-3.5 py-3 text-sm text-text shadow-raised',
          content: 'min-w-0 flex-1',
          icon: 'flex h-5 shrink-0 items-center',
          title: 'break-words font-medium',
          description: 'mt-0.5 break-words text-muted',
          actionButton:
            'ml-2 h-7 shrink-0 self-center rounded-md border border-strong bg-surface px-2.5 text-xs font-medium hover:bg-hover pointer-coarse:min-h-11',
          cancelButton:
            'h-7 shrink-0 self-center rounded-md px-2 text-xs font-medium text-subtle hover:bg-hover',
        },
      }}
    />
  );
}
