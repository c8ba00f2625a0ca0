import type { ReactNode } from 'react';

/** Text for screen readers only. */
export function VisuallyHidden({ children }: { children: ReactNode }) {
  return <span className="sr-only">{children}</span>;
}

/** Reads `message` aloud each time it changes. `assertive` interrupts and is for errors only. */
export function LiveRegion({
  message,
  assertive = false,
}: {
  message: string;
  assertive?: boolean | undefined;
}) {
  return (
    <span role={assertive ? 'alert' : 'status'} className="sr-only">
      {message}
    </span>
  );
}
