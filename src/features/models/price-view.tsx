'use client';

import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { CircleDollarSign, MoreHorizontal, Pencil, Plus, RotateCcw, SearchX, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { queryClient, trpc } from '#client/trpc.ts';
import { rate } from '#domain/model/amount.ts';
import { Badge } from '#ui/badge.tsx';
import { Button } from '#ui/button.tsx';
import { cn } from '#ui/class-name.ts';
import { useConfirm } from '#ui/confirm-provider.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { Menu } from '#ui/menu.tsx';
import { SearchField } from '#ui/search-field.tsx';
import { SkeletonTable } from '#ui/skeleton.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeaderCell, TableRow } from '#ui/table.tsx';
import { toast } from '#ui/toast.tsx';
import type { Price } from './price.ts';
import { PriceDialog } from './price-dialog.tsx';
import type { ViewProps } from './usage-view.tsx';

const LIMIT = 1000;
const ORIGINS = { built_in: 'Delivered', changed: 'Changed', own: 'Own' } as const;

/** What models cost. Administrators change it; a change counts for calls from then on. */
export function PriceView({ state, change }: ViewProps) {
  const me = useQuery(trpc.auth.me.queryOptions({}, { staleTime: 60_000 }));
  const isAdmin = me.data?.role === 'admin';
  const [edited, setEdited] = useState<Price | 'new' | null>(null);
  const { q } = state;
  const list = useQuery(
    trpc.models.prices.queryOptions(
      { limit: LIMIT, ...(q !== '' && { q }) },
      { placeholderData: keepPreviousData },
    ),
  );
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <SearchField
          value={q}
          onValueChange={(text) => change({ q: text })}
          placeholder="Search models"
          shortcut="/"
          delay={200}
          className="w-full sm:w-64"
        />
        {isAdmin ? (
          <div className="flex flex-wrap gap-2">
            <ResetAll />
            <Button variant="primary" icon={<Plus />} onClick={() => setEdited('new')}>
              Add a price
            </Button>
          </div>
        ) : null}
      </div>
      <p className="text-sm text-muted">
        US dollars per million tokens. The longest beginning of a model’s name that is listed here counts;
        models that none fits are counted in tokens only.
        {isAdmin ? '' : ' Administrators of the installation can change prices.'}
      </p>
      {list.error ? (
        <ErrorNotice
          title="The prices could not be loaded"
          description={readProblem(list.error).message}
          onRetry={() => void list.refetch()}
        />
      ) : list.data === undefined ? (
        <SkeletonTable rows={10} columns={5} />
      ) : list.data.total === 0 ? (
        <NoPrice filtered={q !== ''} onClear={() => change({ q: '' })} />
      ) : (
        <PriceTable
          prices={list.data.items}
          onEdit={isAdmin ? setEdited : null}
          stale={list.isPlaceholderData}
        />
      )}
      {edited === null ? null : (
        <PriceDialog price={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />
      )}
    </div>
  );
}

function NoPrice({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  if (!filtered) {
    return (
      <EmptyState
        icon={<CircleDollarSign />}
        title="No model has a price"
        description="Calls are counted in tokens only. Put the delivered prices back, or add your own."
      />
    );
  }
  return (
    <EmptyState
      icon={<SearchX />}
      title="Nothing matches"
      description="No price is listed for such a name."
      actions={<Button onClick={onClear}>Clear the search</Button>}
    />
  );
}

const refresh = () => queryClient.invalidateQueries({ queryKey: trpc.models.prices.pathKey() });

function ResetAll() {
  const confirm = useConfirm();
  const reset = useMutation(
    trpc.models.resetPrices.mutationOptions({
      onSuccess: ({ changed }) =>
        toast.success(
          changed === 0 ? 'The prices are as delivered already' : `${changed} prices were put back`,
        ),
      onError: (error) => toast.error(readProblem(error).message),
      onSettled: refresh,
    }),
  );
  const ask = async () => {
    const sure = await confirm({
      title: 'Put all prices back?',
      description:
        'Changed prices become those that were delivered, and your own ones are removed. What was spent so far stays as it is.',
      confirmLabel: 'Put back',
      tone: 'danger',
    });
    if (sure) reset.mutate({});
  };
  return (
    <Button icon={<RotateCcw />} loading={reset.isPending} onClick={() => void ask()}>
      Put back
    </Button>
  );
}

interface PriceTableProps {
  prices: readonly Price[];
  /** Null: only to be looked at. */
  onEdit: ((price: Price) => void) | null;
  stale: boolean;
}

function PriceTable({ prices, onEdit, stale }: PriceTableProps) {
  return (
    <Table label="Prices" className={cn('transition-opacity', stale && 'opacity-60')}>
      <TableHead>
        <TableHeaderCell>Model</TableHeaderCell>
        <TableHeaderCell align="right" width="7rem">
          Prompt
        </TableHeaderCell>
        <TableHeaderCell align="right" width="7rem" className="max-sm:hidden">
          Cached
        </TableHeaderCell>
        <TableHeaderCell align="right" width="7rem">
          Answer
        </TableHeaderCell>
        <TableHeaderCell width="7rem" className="max-md:hidden">
          Origin
        </TableHeaderCell>
        {onEdit ? (
          <TableHeaderCell width="3rem" hideLabel>
            Actions
          </TableHeaderCell>
        ) : null}
      </TableHead>
      <TableBody>
        {prices.map((price) => (
          <TableRow key={price.prefix} onActivate={onEdit ? () => onEdit(price) : undefined}>
            <TableCell className="w-full max-w-0 truncate font-mono text-xs" title={price.prefix}>
              {price.prefix}
            </TableCell>
            <TableCell align="right">{rate(price.input_usd)}</TableCell>
            <TableCell align="right" muted className="max-sm:hidden">
              {rate(price.cached_input_usd)}
            </TableCell>
            <TableCell align="right">{rate(price.output_usd)}</TableCell>
            <TableCell className="max-md:hidden">
              <Badge tone={price.origin === 'built_in' ? 'neutral' : 'accent'}>{ORIGINS[price.origin]}</Badge>
            </TableCell>
            {onEdit ? (
              <TableCell align="right">
                <PriceMenu price={price} onEdit={() => onEdit(price)} />
              </TableCell>
            ) : null}
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function PriceMenu({ price, onEdit }: { price: Price; onEdit: () => void }) {
  const { prefix, origin } = price;
  const on = {
    onError: (error: unknown) => void toast.error(readProblem(error).message),
    onSettled: refresh,
  };
  const set = useMutation(trpc.models.setPrice.mutationOptions(on));
  const reset = useMutation(trpc.models.resetPrices.mutationOptions(on));
  const remove = useMutation(
    trpc.models.removePrice.mutationOptions({
      ...on,
      onSuccess: () =>
        toast.success(`The price of “${prefix}” was removed`, {
          action: { label: 'Undo', onClick: () => set.mutate(price) },
        }),
    }),
  );
  return (
    <Menu
      align="end"
      trigger={<IconButton label={`Actions for ${prefix}`} icon={<MoreHorizontal />} size="sm" />}
      items={[
        { label: 'Change…', icon: <Pencil />, onSelect: onEdit },
        {
          label: 'Put back',
          icon: <RotateCcw />,
          disabled: origin !== 'changed',
          onSelect: () => reset.mutate({ prefix }),
        },
        { type: 'separator' },
        { label: 'Remove', icon: <Trash2 />, danger: true, onSelect: () => remove.mutate({ prefix }) },
      ]}
    />
  );
}
