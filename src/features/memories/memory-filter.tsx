'use client';

import { X } from 'lucide-react';
import { FACT_TYPES, MEMORY_SCOPES } from '#contract/memory.ts';
import { IconButton } from '#ui/icon-button.tsx';
import { Input } from '#ui/input.tsx';
import { SearchField } from '#ui/search-field.tsx';
import { Select } from '#ui/select.tsx';
import { KIND_WORDS } from './kind.ts';
import { SCOPE_LABELS, TYPE_LABELS } from './label.ts';
import { hasAgents, type ListState } from './list-state.ts';

const ANY = '*';
const SCOPE_ITEMS: { value: (typeof MEMORY_SCOPES)[number] | typeof ANY; label: string }[] = [
  { value: ANY, label: 'Known to anybody' },
  ...MEMORY_SCOPES.map((scope) => ({ value: scope, label: SCOPE_LABELS[scope] })),
];
const TYPE_ITEMS: { value: (typeof FACT_TYPES)[number] | typeof ANY; label: string }[] = [
  { value: ANY, label: 'Every kind' },
  ...FACT_TYPES.map((type) => ({ value: type, label: TYPE_LABELS[type] })),
];

interface MemoryFilterProps {
  state: ListState;
  change: (change: Partial<ListState>) => void;
}

/** Search, and what else the chosen kind can be narrowed by. */
export function MemoryFilter({ state, change }: MemoryFilterProps) {
  const { kind } = state;
  return (
    <div className="my-4 flex flex-wrap items-center gap-2">
      <SearchField
        className="w-full sm:max-w-72"
        value={state.q}
        onValueChange={(q) => change({ q, offset: 0 })}
        placeholder={KIND_WORDS[kind].search}
        shortcut="/"
        delay={200}
      />
      {kind === 'facts' ? (
        <>
          <Select
            className="w-auto min-w-36 flex-1 sm:flex-none"
            ariaLabel="Kind of fact"
            value={state.type === '' ? ANY : state.type}
            onValueChange={(type) => change({ type: type === ANY ? '' : type, offset: 0 })}
            items={TYPE_ITEMS}
          />
          <Select
            className="w-auto min-w-40 flex-1 sm:flex-none"
            ariaLabel="Known to"
            value={state.scope === '' ? ANY : state.scope}
            onValueChange={(scope) => change({ scope: scope === ANY ? '' : scope, offset: 0 })}
            items={SCOPE_ITEMS}
          />
        </>
      ) : null}
      {hasAgents(kind) ? (
        <ExactField label="Agent" value={state.agent} onChange={(agent) => change({ agent, offset: 0 })} />
      ) : null}
      {kind === 'checkpoints' ? (
        <ExactField
          label="Thread"
          value={state.thread}
          onChange={(thread) => change({ thread, offset: 0 })}
        />
      ) : null}
    </div>
  );
}

/** The API wants the id as a whole. */
function ExactField(props: { label: string; value: string; onChange: (value: string) => void }) {
  const { label, value, onChange } = props;
  return (
    <Input
      className="w-full sm:w-56"
      aria-label={`${label} id`}
      placeholder={`${label} id`}
      mono
      value={value}
      onValueChange={(text) => onChange(text.trim())}
      trailing={
        value === '' ? undefined : (
          <IconButton
            size="sm"
            label={`Every ${label.toLowerCase()}`}
            icon={<X />}
            onClick={() => onChange('')}
          />
        )
      }
    />
  );
}
