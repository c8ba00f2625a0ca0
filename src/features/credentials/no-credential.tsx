import { KeyRound, Plus, SearchX } from 'lucide-react';
import { Button } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';

interface NoCredentialProps {
  filtered: boolean;
  onClear: () => void;
  onCreate: () => void;
}

/** The list when it is empty: because nothing was made yet, or because the filter hides everything. */
export function NoCredential({ filtered, onClear, onCreate }: NoCredentialProps) {
  if (filtered) {
    return (
      <EmptyState
        icon={<SearchX />}
        title="Nothing matches"
        description="No credential fits this search and type."
        actions={<Button onClick={onClear}>Clear the filter</Button>}
      />
    );
  }
  return (
    <EmptyState
      icon={<KeyRound />}
      title="No credentials yet"
      description="A credential holds a key or a login that nodes use without knowing it. It is stored sealed, sent only to the hosts it is bound to, and never shown again."
      actions={
        <Button variant="primary" icon={<Plus />} onClick={onCreate}>
          New credential
        </Button>
      }
    />
  );
}
