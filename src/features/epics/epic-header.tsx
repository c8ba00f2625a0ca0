'use client';

import { Ellipsis, Pencil, Plus, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Badge } from '#ui/badge.tsx';
import { Button } from '#ui/button.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { Menu } from '#ui/menu.tsx';
import { PageHeader } from '#ui/page-header.tsx';
import { CreateTaskDialog } from './create-task-dialog.tsx';
import type { Epic, Task } from './epic.ts';
import { EpicDialog } from './epic-dialog.tsx';
import { money, numberOf } from './figure.ts';
import { ProgressBar } from './progress-bar.tsx';
import { EpicStatusBadge } from './status-look.tsx';
import { useDeleteEpics } from './use-epic-action.ts';

/** What the epic is, how far it is and what it has cost. */
export function EpicHeader({ epic, tasks }: { epic: Epic; tasks: readonly Task[] }) {
  const router = useRouter();
  const remove = useDeleteEpics();
  const [editing, setEditing] = useState(false);
  const [adding, setAdding] = useState(false);
  return (
    <PageHeader
      className="mb-4"
      breadcrumbs={[{ label: 'Epics', href: '/epics' }, { label: epic.title }]}
      title={epic.title}
      description={epic.description === '' ? undefined : epic.description}
      meta={<EpicStatusBadge status={epic.status} />}
      actions={
        <>
          <Menu
            align="end"
            trigger={<IconButton label="More actions" icon={<Ellipsis />} variant="secondary" />}
            items={[
              {
                label: 'Delete epic',
                icon: <Trash2 />,
                danger: true,
                onSelect: () => void remove([epic]).then((done) => done && router.push('/epics')),
              },
            ]}
          />
          <Button icon={<Pencil />} onClick={() => setEditing(true)}>
            Edit
          </Button>
          <Button variant="primary" icon={<Plus />} onClick={() => setAdding(true)}>
            Add task
          </Button>
        </>
      }
    >
      <Figures epic={epic} />
      {editing ? <EpicDialog epic={epic} onClose={() => setEditing(false)} /> : null}
      {adding ? <CreateTaskDialog epicId={epic.id} tasks={tasks} onClose={() => setAdding(false)} /> : null}
    </PageHeader>
  );
}

function Figures({ epic }: { epic: Epic }) {
  const { budget_tokens, budget_usd, spent_tokens, spent_usd, tags, priority, result_summary } = epic;
  const isOver =
    (budget_tokens !== null && spent_tokens > budget_tokens) ||
    (budget_usd !== null && spent_usd > budget_usd);
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-5 gap-y-2 text-xs text-muted">
        <div className="w-48">
          <ProgressBar epic={epic} />
        </div>
        <span>Priority {priority}</span>
        <span className={isOver ? 'font-medium text-danger-text' : undefined}>
          {numberOf(spent_tokens)}
          {budget_tokens === null ? '' : ` of ${numberOf(budget_tokens)}`} tokens · {money(spent_usd)}
          {budget_usd === null ? '' : ` of ${money(budget_usd)}`}
          {isOver ? ' · over budget' : ''}
        </span>
        {tags.length > 0 ? (
          <span className="flex flex-wrap gap-1">
            {tags.map((tag) => (
              <Badge key={tag}>{tag}</Badge>
            ))}
          </span>
        ) : null}
      </div>
      {result_summary ? <p className="max-w-160 text-sm text-muted">{result_summary}</p> : null}
    </div>
  );
}
