'use client';

import { EntryFrame } from '#features/shell/entry-frame.tsx';
import { MessageCard } from '#features/shell/message-card.tsx';

interface ErrorPageProps {
  error: Error & { digest?: string };
  reset: () => void;
}

export default function ErrorPage({ error, reset }: ErrorPageProps) {
  return (
    <EntryFrame>
      <MessageCard
        title="This page broke"
        description="It is a fault in Pipewright, not in your workflow. What was saved is safe. Try again; if it happens once more, report the text below."
        details={error.digest ? `${error.message}\n${error.digest}` : error.message}
        onRetry={reset}
      />
    </EntryFrame>
  );
}
