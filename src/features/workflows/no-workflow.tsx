import { Plus, SearchX, Upload, Workflow as WorkflowIcon } from 'lucide-react';
import { Button } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';

interface NoWorkflowProps {
  filter: { readonly q: string; readonly tag: string };
  onClear: () => void;
  onCreate: () => void;
  onImport: () => void;
}

/** The list when it is empty: because nothing was made yet, or because the filter hides everything. */
export function NoWorkflow({ filter, onClear, onCreate, onImport }: NoWorkflowProps) {
  const said = [filter.q && `the search “${filter.q}”`, filter.tag && `the tag “${filter.tag}”`].filter(
    Boolean,
  );
  if (said.length > 0) {
    return (
      <EmptyState
        icon={<SearchX />}
        title="Nothing matches"
        description={`No workflow fits ${said.join(' and ')}.`}
        actions={<Button onClick={onClear}>Clear the filter</Button>}
      />
    );
  }
  return (
    <EmptyState
      icon={<WorkflowIcon />}
      title="No workflows yet"
      description="A workflow starts from a trigger, such as a webhook, and passes data from node to node."
      actions={
        <>
          <Button variant="primary" icon={<Plus />} onClick={onCreate}>
            Create workflow
          </Button>
          <Button icon={<Upload />} onClick={onImport}>
            Import a file
          </Button>
        </>
      }
    />
  );
}
