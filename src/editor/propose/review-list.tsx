'use client';

import { Minus, PenLine, Plus } from 'lucide-react';
import { useMemo } from 'react';
import { nodeTitle } from '#domain/graph/graph.ts';
import { acceptedCommands, changesIn, faultsOf, type ProposedChange } from '#domain/proposal/proposal.ts';
import { Button } from '#ui/button.tsx';
import { Checkbox } from '#ui/checkbox.tsx';
import { cn } from '#ui/class-name.ts';
import { toast } from '#ui/toast.tsx';
import { useActions } from '../command/actions-context.ts';
import { changedFields } from '../document/touch.ts';
import { useDocument, useEditor } from '../editor-context.ts';
import { useFlowApi } from '../flow/flow.tsx';
import { usageText } from '../run/usage.ts';
import type { Review } from './proposal-store.ts';
import { edgeWords, withFreeEdgeIds } from './review.ts';

/** The parts of a proposed change, to be taken or left one by one, and the way to make it. */
export function ReviewList({ review, onClose }: { review: Review; onClose: () => void }) {
  const { proposal, definitionOf } = useEditor();
  const { base, commands, rejected } = review;
  const graph = useDocument((state) => state.graph);
  const changes = useMemo(() => changesIn(base, commands), [base, commands]);
  const accepted = useMemo(() => acceptedCommands(base, commands, rejected), [base, commands, rejected]);
  const faults = useMemo(() => faultsOf(graph, accepted, definitionOf), [graph, accepted, definitionOf]);
  const apply = useApply(review, onClose);
  const reject = (keys: readonly string[]): void =>
    proposal.setState({ ...review, rejected: new Set(keys) }, true);
  const toggle = (key: string): void =>
    reject(rejected.has(key) ? [...rejected].filter((one) => one !== key) : [...rejected, key]);
  const taken = changes.length - changes.filter(({ key }) => rejected.has(key)).length;
  return (
    <>
      <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto p-4">
        <p className="text-sm break-words">{review.summary || review.prompt}</p>
        <p className="text-xs text-subtle tabular-nums">
          {usageText({ tokens: review.tokens, cost: review.cost, modelCalls: 1, toolCalls: 0 })}
        </p>
        <div className="flex gap-2">
          <Button size="sm" onClick={() => reject([])} disabled={rejected.size === 0}>
            Accept all
          </Button>
          <Button size="sm" onClick={() => reject(changes.map(({ key }) => key))} disabled={taken === 0}>
            Reject all
          </Button>
        </div>
        <ul aria-label="Changes" className="flex flex-col gap-1">
          {changes.map((change) => (
            <ChangeRow
              key={change.key}
              change={change}
              base={base}
              isTaken={!rejected.has(change.key)}
              onToggle={() => toggle(change.key)}
            />
          ))}
        </ul>
        {faults.length > 0 && taken > 0 ? (
          <div role="alert" className="rounded-md bg-warning-soft p-2.5 text-xs text-warning-text">
            <p className="pb-1 font-medium">What is accepted does not work by itself:</p>
            <ul className="flex list-disc flex-col gap-1 pl-4">
              {faults.map((fault) => (
                <li key={fault}>{fault}</li>
              ))}
            </ul>
          </div>
        ) : null}
      </div>
      <footer className="flex shrink-0 flex-wrap justify-end gap-2 border-t border-border p-3">
        <Button
          variant="ghost"
          onClick={() => proposal.setState({ stage: 'asking', prompt: review.prompt, problems: [] }, true)}
        >
          Describe again
        </Button>
        <Button variant="ghost" onClick={onClose}>
          Discard
        </Button>
        <Button variant="primary" disabled={taken === 0 || faults.length > 0} onClick={() => apply(accepted)}>
          {taken === changes.length ? 'Apply all' : `Apply ${taken} of ${changes.length}`}
        </Button>
      </footer>
    </>
  );
}

function useApply({ prompt }: Review, onClose: () => void) {
  const { document } = useEditor();
  const actions = useActions();
  const flow = useFlowApi();
  return (accepted: ReturnType<typeof acceptedCommands>): void => {
    const commands = withFreeEdgeIds(accepted, document.store.getState().nextEdgeId);
    const name = `Apply “${prompt.length > 40 ? `${prompt.slice(0, 40)}…` : prompt}”`;
    if (!actions.change({ name, commands })) {
      toast.error('The change no longer fits', {
        description: 'The workflow was changed meanwhile. Describe the change again.',
      });
      return;
    }
    const fresh = commands.flatMap((one) => (one.kind === 'add_node' ? [one.node.id] : []));
    onClose();
    actions.select(fresh);
    if (fresh.length > 0) setTimeout(() => flow.fit());
  };
}

const LOOKS = {
  added: { icon: Plus, word: 'Add', tone: 'text-status-success' },
  changed: { icon: PenLine, word: 'Change', tone: 'text-status-waiting' },
  removed: { icon: Minus, word: 'Remove', tone: 'text-status-failed' },
} as const;

interface RowProps {
  change: ProposedChange;
  base: Review['base'];
  isTaken: boolean;
  onToggle: () => void;
}

function ChangeRow({ change, base, isTaken, onToggle }: RowProps) {
  const { definitionOf } = useEditor();
  const { icon: Icon, word, tone } = LOOKS[change.kind];
  const title = 'node' in change ? nodeTitle(change.node) : edgeWords(change.edge);
  const detail = detailOf(change, base, (type) => definitionOf(type)?.title ?? type);
  return (
    <li
      data-change={change.key}
      className={cn('rounded-md border border-border px-2.5 py-2', !isTaken && 'bg-sunken text-subtle')}
    >
      <Checkbox
        checked={isTaken}
        onCheckedChange={onToggle}
        label={
          <span className="flex min-w-0 items-center gap-1.5">
            <Icon className={cn('size-3.5 shrink-0', tone)} aria-hidden />
            <span className={cn('min-w-0 truncate', !isTaken && 'line-through')} title={title}>
              {word} {'node' in change ? title : `edge ${title}`}
            </span>
          </span>
        }
        description={detail}
      />
    </li>
  );
}

/** The type of a node that comes or goes; of one that changes, what does. */
function detailOf(change: ProposedChange, base: Review['base'], typeTitle: (type: string) => string): string {
  if (!('node' in change)) return '';
  if (change.kind !== 'changed') return typeTitle(change.node.type);
  const old = base.nodes.find(({ id }) => id === change.node.id);
  if (!old) return '';
  const fields = changedFields(old.config, change.node.config);
  return [...(old.label === change.node.label ? [] : ['title']), ...fields].join(', ').replaceAll('_', ' ');
}
