'use client';

import { Plus } from 'lucide-react';
import { Button } from '#ui/button.tsx';
import { useCredentialChoice } from './use-credential-choice.ts';
import { emptyDraft, type Faults, type VariableDraft } from './variable-draft.ts';
import { VariableRow } from './variable-row.tsx';

const MOST = 200;

interface VariableEditorProps {
  drafts: readonly VariableDraft[];
  faults: Faults;
  onChange: (drafts: VariableDraft[]) => void;
}

/** The variables programs of a workspace get. */
export function VariableEditor({ drafts, faults, onChange }: VariableEditorProps) {
  const credentials = useCredentialChoice();
  const change = (row: number, part: Partial<VariableDraft>) =>
    onChange(drafts.map((one) => (one.row === row ? { ...one, ...part } : one)));
  return (
    <fieldset className="min-w-0">
      <legend className="text-sm font-medium">Variables</legend>
      <p className="mt-0.5 mb-2 text-xs text-subtle">
        Values are stored encrypted, and shown to nobody but you. A credential is read when the program
        starts.
      </p>
      {drafts.length === 0 ? null : (
        <ul className="mb-2 flex flex-col gap-2">
          {drafts.map((draft, index) => (
            <VariableRow
              key={draft.row}
              draft={draft}
              place={index + 1}
              faults={faults[draft.row]}
              credentials={credentials}
              onChange={(part) => change(draft.row, part)}
              onRemove={() => onChange(drafts.filter((one) => one.row !== draft.row))}
            />
          ))}
        </ul>
      )}
      <Button
        size="sm"
        icon={<Plus />}
        disabled={drafts.length >= MOST}
        onClick={() => onChange([...drafts, emptyDraft(drafts)])}
      >
        Add variable
      </Button>
    </fieldset>
  );
}
