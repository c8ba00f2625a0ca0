'use client';

import './globals.css';
import { EntryFrame } from '#features/shell/entry-frame.tsx';
import { MessageCard } from '#features/shell/message-card.tsx';

interface GlobalErrorProps {
  error: Error & { digest?: string };
  reset: () => void;
}

/** Stands in for the whole document when even the frame of the pages broke. */
export default function GlobalError({ error, reset }: GlobalErrorProps) {
  return (
    <html lang="en" data-theme="light">
      <body>
        <EntryFrame>
          <MessageCard
            title="Pipewright could not start in this browser"
            description="Reload the page. If that does not help, report the text below."
            details={error.digest ? `${error.message}\n${error.digest}` : error.message}
            onRetry={reset}
          />
        </EntryFrame>
      </body>
    </html>
  );
}
