'use client';

import { Button, ButtonLink } from '#ui/button.tsx';
import { CodeBlock } from '#ui/code-block.tsx';

interface MessageCardProps {
  code?: string;
  title: string;
  description: string;
  /** Technical text to report. */
  details?: string;
  onRetry?: () => void;
}

/** What happened, and the way back. */
export function MessageCard({ code, title, description, details, onRetry }: MessageCardProps) {
  return (
    <section className="rounded-xl border bg-surface p-6 text-center shadow-raised sm:p-8">
      {code ? <p className="mb-1 font-mono text-xs text-subtle">{code}</p> : null}
      <h1 className="text-xl font-semibold">{title}</h1>
      <p className="mt-2 text-sm text-pretty text-muted">{description}</p>
      {details ? <CodeBlock className="mt-5 text-left" code={details} wrap maxHeight="10rem" /> : null}
      <div className="mt-6 flex flex-wrap justify-center gap-2">
        {onRetry ? (
          <Button variant="primary" onClick={onRetry}>
            Try again
          </Button>
        ) : null}
        <ButtonLink href="/workflows" variant={onRetry ? 'secondary' : 'primary'}>
          Go to workflows
        </ButtonLink>
      </div>
    </section>
  );
}
