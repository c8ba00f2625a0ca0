'use client';

import { MessageCard } from '#features/shell/message-card.tsx';

interface ErrorPageProps {
  error: Error & { digest?: string };
  reset: () => void;
}

export default function ErrorPage({ error, reset }: ErrorPageProps) {
  return (
    <div className="grid flex-1 place-items-center p-4">
      <div className="w-full max-w-110">
        <MessageCard
          title="This page broke"
          description="It is a fault in Pipewright, not in your workflow. What was saved is safe. Try again; if it happens once more, report the text below."
          details={error.digest ? `${error.message}\n${error.digest}` : error.message}
          onRetry={reset}
        />
      </div>
    </div>
  );
}
