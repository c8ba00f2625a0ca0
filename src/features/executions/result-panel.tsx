import { runPartReader } from '#client/step-log.ts';
import type { Run } from './run.ts';
import { Value } from './step-data.tsx';

/** What the run was started with and what came of it. */
export function ResultPanel({ run }: { run: Run }) {
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <section className="min-w-0 rounded-lg border bg-surface p-4">
        <h2 className="mb-3 text-base font-semibold">Input</h2>
        <Value
          value={run.trigger_payload}
          read={runPartReader(run.execution_id, 'trigger')}
          label="Input of the run"
          empty="The run was started without data."
        />
      </section>
      <section className="min-w-0 rounded-lg border bg-surface p-4">
        <h2 className="mb-3 text-base font-semibold">Result</h2>
        <Value
          value={run.final_output}
          read={runPartReader(run.execution_id, 'output')}
          label="Result of the run"
          empty="There is no result."
        />
      </section>
    </div>
  );
}
