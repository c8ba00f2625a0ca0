'use client';

import { readProblem } from '#client/problem.ts';
import type { OutputOf } from '#contract/contract.ts';
import { count } from '#domain/model/amount.ts';
import { ErrorNotice } from '#ui/error-notice.tsx';

interface TrialProps {
  result: OutputOf<'memorySearch', 'test'> | undefined;
  /** Of the request itself. */
  error: unknown;
  /** In percent, as it is chosen now. */
  similarity: number;
}

const percent = (share: number | null): number => Math.round((share ?? 0) * 100);

/** What a try of the model has shown: whether it works, and how well it tells meanings apart. */
export function MemorySearchTrial({ result, error, similarity }: TrialProps) {
  if (error) return <ErrorNotice compact title={readProblem(error).message} />;
  if (!result) return null;
  if (!result.ok) return <ErrorNotice compact title="The model does not work" description={result.error} />;
  const alike = percent(result.alike);
  const unlike = percent(result.unlike);
  const fits = unlike < similarity && similarity <= alike;
  return (
    <div role="status" className="rounded-md border bg-sunken px-4 py-3 text-sm">
      <p className="font-medium">
        It works: {count(result.dimensions ?? 0)} dimensions in {count(result.duration_ms)} ms.
      </p>
      <p className="mt-1 text-muted">
        Two sentences of one meaning are {alike} % alike, two without anything in common {unlike} %.
        {fits ? '' : ` Set “Least alike” between the two, such as ${Math.round((alike + unlike) / 2)} %.`}
      </p>
    </div>
  );
}
