'use client';

import { SearchX } from 'lucide-react';
import { useMemo } from 'react';
import { readProblem } from '#client/problem.ts';
import { availableDefinitions } from '#domain/node/available.ts';
import { nodeDefinitions } from '#nodes/definitions.ts';
import { ButtonLink } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Spinner } from '#ui/spinner.tsx';
import { FlowProvider } from './flow/flow.tsx';
import { OpenEditor } from './open-editor.tsx';
import { useOpening } from './use-opening.ts';

/** The editor of one workflow. Fills the room it is given. */
export function WorkflowEditor({ slug }: { slug: string }) {
  const { workflow, graph, hostTypes } = useOpening(slug);
  const definitions = useMemo(
    () => hostTypes.data && availableDefinitions(nodeDefinitions, hostTypes.data),
    [hostTypes.data],
  );
  if (graph.data && workflow.data && definitions) {
    return (
      <FlowProvider>
        <OpenEditor
          key={slug}
          slug={slug}
          name={workflow.data.name}
          start={graph.data}
          definitions={definitions}
        />
      </FlowProvider>
    );
  }
  const error = graph.error ?? workflow.error ?? hostTypes.error;
  const retry = () => void Promise.all([graph, workflow, hostTypes].map((query) => query.refetch()));
  return (
    <div className="grid h-full flex-1 place-items-center p-6">
      {error ? <Failed error={error} onRetry={retry} /> : <Spinner size="lg" label="Opening the workflow" />}
    </div>
  );
}

function Failed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const problem = readProblem(error);
  if (problem.status === 404) {
    return (
      <EmptyState
        icon={<SearchX />}
        title="This workflow does not exist"
        description="It may have been deleted or renamed, or it belongs to someone else."
        actions={<ButtonLink href="/workflows">All workflows</ButtonLink>}
      />
    );
  }
  return (
    <ErrorNotice title="The workflow could not be opened" description={problem.message} onRetry={onRetry} />
  );
}
