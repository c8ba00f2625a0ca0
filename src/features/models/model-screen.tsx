'use client';

import { useSearchState } from '#client/search-state.ts';
import { SectionHeader } from '#ui/section-header.tsx';
import { SegmentedControl } from '#ui/segmented-control.tsx';
import { BudgetView } from './budget-view.tsx';
import { MemorySearchView } from './memory-search-view.tsx';
import { modelState, type View } from './model-state.ts';
import { PriceView } from './price-view.tsx';
import { UsageView } from './usage-view.tsx';

const LABELS: readonly { readonly value: View; readonly label: string }[] = [
  { value: 'usage', label: 'Usage' },
  { value: 'budgets', label: 'Budgets' },
  { value: 'prices', label: 'Prices' },
  { value: 'memory', label: 'Memory search' },
];

/** /settings/models: what models took, what they may take, and what they cost. */
export function ModelScreen() {
  const [state, change] = useSearchState(modelState);
  return (
    <>
      <SectionHeader
        title="Models & costs"
        description="Every call of a model is counted to the token. Days and months are those of UTC."
        actions={
          <SegmentedControl
            ariaLabel="What is shown"
            value={state.view}
            onValueChange={(view) => change({ view }, { step: true })}
            items={LABELS}
          />
        }
      />
      {state.view === 'usage' ? <UsageView state={state} change={change} /> : null}
      {state.view === 'budgets' ? <BudgetView /> : null}
      {state.view === 'memory' ? <MemorySearchView /> : null}
      {state.view === 'prices' ? <PriceView state={state} change={change} /> : null}
    </>
  );
}
