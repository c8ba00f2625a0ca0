import { CopyButton } from '#ui/copy-button.tsx';
import { Link } from '#ui/link.tsx';
import type { Shown } from './run-step.ts';

/** What a step wants people to know: the address it waits for, or the runs it started. */
export function StepShown({ shown, waiting }: { shown: Shown; waiting: boolean }) {
  const { resume_url, execution_id, execution_ids } = shown;
  const runs: unknown[] = [execution_id, ...(Array.isArray(execution_ids) ? execution_ids : [])];
  const ids = runs.filter((id) => typeof id === 'string');
  return (
    <>
      {waiting && typeof resume_url === 'string' ? (
        <p className="mb-3 flex min-w-0 items-center gap-2 rounded-md bg-sunken px-3 py-2 text-sm">
          <span className="shrink-0 text-muted">Goes on when called:</span>
          <code className="min-w-0 truncate font-mono text-xs">{resume_url}</code>
          <CopyButton value={resume_url} label="Copy the address" size="sm" />
        </p>
      ) : null}
      {ids.length > 0 ? (
        <ul aria-label="Runs it started" className="mb-3 flex flex-wrap gap-x-3 gap-y-1 text-sm">
          {ids.map((id, index) => (
            <li key={id}>
              <Link href={`/executions/${id}`} className="text-link hover:underline">
                {ids.length === 1 ? 'Open the run it started' : `Run ${index + 1}`}
              </Link>
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}
