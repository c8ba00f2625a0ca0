import type { ReactNode } from 'react';
import { Badge } from '#ui/badge.tsx';
import { RelativeTime } from '#ui/relative-time.tsx';
import type { Kind, Memory } from './kind.ts';
import { percent, previewText, SCOPE_LABELS, sizeText, TYPE_LABELS } from './label.ts';

export interface Column<T> {
  readonly label: string;
  readonly width: string;
  /** Where the column goes on small screens. */
  readonly className?: string;
  readonly align?: 'right';
  readonly cell: (item: T) => ReactNode;
}

/** How memories of one kind are shown. */
export interface View<K extends Kind> {
  /** Unique in the list. */
  readonly id: (item: Memory<K>) => string;
  /** What it is deleted by. */
  readonly deleteId: (item: Memory<K>) => string;
  /** The conversation it is a part of. */
  readonly thread?: (item: Memory<K>) => string;
  readonly title: (item: Memory<K>) => string;
  readonly subtitle: (item: Memory<K>) => string;
  readonly columns: readonly Column<Memory<K>>[];
  /** Name and value of everything that is known, for the drawer. */
  readonly lines: (item: Memory<K>) => readonly (readonly [string, ReactNode])[];
  /** A longer part with a heading of its own. */
  readonly body?: (item: Memory<K>) => { readonly label: string; readonly value: unknown } | null;
}

const when = (time: string | null): ReactNode => (time === null ? '–' : <RelativeTime value={time} />);
const exact = (time: string | null): string =>
  time === null ? '–' : new Date(time).toLocaleString('en', { dateStyle: 'long', timeStyle: 'medium' });

const facts: View<'facts'> = {
  id: (fact) => fact.id,
  deleteId: (fact) => fact.id,
  title: (fact) => fact.key,
  subtitle: (fact) => previewText(fact.value),
  columns: [
    {
      label: 'Kind',
      width: '9rem',
      className: 'max-md:hidden',
      cell: (fact) => TYPE_LABELS[fact.fact_type],
    },
    {
      label: 'Known to',
      width: '9rem',
      className: 'max-lg:hidden',
      cell: (fact) => SCOPE_LABELS[fact.scope],
    },
    {
      label: 'Sure',
      width: '5rem',
      className: 'max-sm:hidden',
      align: 'right',
      cell: (fact) => percent(fact.confidence),
    },
    { label: 'Changed', width: '7rem', className: 'max-sm:hidden', cell: (fact) => when(fact.updated_at) },
  ],
  lines: (fact) => [
    ['Kind', TYPE_LABELS[fact.fact_type]],
    ['Known to', SCOPE_LABELS[fact.scope]],
    ['Agent', fact.agent_id ?? '–'],
    ['Person', fact.user_id ?? '–'],
    ['Sure', percent(fact.confidence)],
    ['Confirmed', times(fact.times_confirmed)],
    ['Used', times(fact.access_count)],
    ['Changed', exact(fact.updated_at)],
    ['Learned', exact(fact.created_at)],
  ],
  body: (fact) => ({ label: 'Value', value: fact.value }),
};

const episodes: View<'episodes'> = {
  id: (episode) => episode.id,
  deleteId: (episode) => episode.id,
  title: (episode) => episode.summary ?? `${episode.agent_id} was started`,
  subtitle: (episode) => episode.agent_id,
  columns: [
    {
      label: 'Outcome',
      width: '7rem',
      cell: (episode) => (
        <Badge tone={episode.success ? 'success' : 'danger'}>
          {episode.success ? 'Succeeded' : 'Failed'}
        </Badge>
      ),
    },
    {
      label: 'Started by',
      width: '8rem',
      className: 'max-md:hidden',
      cell: (episode) => episode.trigger_type,
    },
    { label: 'When', width: '7rem', className: 'max-sm:hidden', cell: (episode) => when(episode.started_at) },
  ],
  lines: (episode) => [
    [
      'Outcome',
      episode.success ? 'Succeeded' : `Failed${episode.error_code ? ` (${episode.error_code})` : ''}`,
    ],
    ['Agent', episode.agent_id],
    ['Person', episode.user_id ?? '–'],
    ['Started by', episode.trigger_type],
    ['Began', exact(episode.started_at)],
    ['Ended', exact(episode.ended_at)],
    ['Took', episode.duration_ms === null ? '–' : `${(episode.duration_ms / 1000).toFixed(1)} s`],
  ],
  body: (episode) => (episode.summary === null ? null : { label: 'Summary', value: episode.summary }),
};

const procedures: View<'procedures'> = {
  id: (procedure) => procedure.id,
  deleteId: (procedure) => procedure.id,
  title: (procedure) => procedure.name,
  subtitle: (procedure) => procedure.description || procedure.agent_id,
  columns: [
    { label: 'Kind', width: '8rem', className: 'max-lg:hidden', cell: (one) => one.procedure_type },
    {
      label: 'Used',
      width: '5rem',
      className: 'max-md:hidden',
      align: 'right',
      cell: (one) => one.times_used,
    },
    {
      label: 'Works',
      width: '6rem',
      className: 'max-sm:hidden',
      align: 'right',
      cell: (one) => (one.times_succeeded + one.times_failed === 0 ? '–' : percent(one.success_rate)),
    },
    {
      label: 'State',
      width: '6rem',
      cell: (one) => (
        <Badge tone={one.is_active ? 'success' : 'neutral'}>{one.is_active ? 'In use' : 'Set aside'}</Badge>
      ),
    },
    { label: 'Made', width: '7rem', className: 'max-sm:hidden', cell: (one) => when(one.created_at) },
  ],
  lines: (one) => [
    ['Agent', one.agent_id],
    ['Kind', one.procedure_type],
    ['State', one.is_active ? 'In use' : 'Set aside'],
    ['Used', times(one.times_used)],
    ['Succeeded', times(one.times_succeeded)],
    ['Failed', times(one.times_failed)],
    ['Made', exact(one.created_at)],
  ],
  body: (one) => (one.description === '' ? null : { label: 'Description', value: one.description }),
};

const users: View<'users'> = {
  id: (person) => person.id,
  deleteId: (person) => person.id,
  title: (person) => person.display_name ?? person.canonical_id,
  subtitle: (person) => (person.display_name === null ? '' : person.canonical_id),
  columns: [
    { label: 'Mail', width: '14rem', className: 'max-lg:hidden', cell: (person) => person.email ?? '–' },
    {
      label: 'Talks',
      width: '5rem',
      className: 'max-sm:hidden',
      align: 'right',
      cell: (person) => person.total_conversations,
    },
    {
      label: 'Last seen',
      width: '7rem',
      className: 'max-sm:hidden',
      cell: (person) => when(person.last_seen_at),
    },
  ],
  lines: (person) => [
    ['Known as', person.canonical_id],
    ['Name', person.display_name ?? '–'],
    ['Telegram', person.telegram_id ?? '–'],
    ['Mail', person.email ?? '–'],
    ['Conversations', String(person.total_conversations)],
    ['Last seen', exact(person.last_seen_at)],
    ['First seen', exact(person.created_at)],
  ],
};

const checkpoints: View<'checkpoints'> = {
  id: (state) => JSON.stringify([state.thread_id, state.checkpoint_ns, state.checkpoint_id]),
  deleteId: (state) => state.checkpoint_id,
  thread: (state) => state.thread_id,
  title: (state) => state.thread_id,
  subtitle: (state) => state.checkpoint_id,
  columns: [
    {
      label: 'Step',
      width: '5rem',
      className: 'max-sm:hidden',
      align: 'right',
      cell: (state) => state.step ?? '–',
    },
    { label: 'From', width: '7rem', className: 'max-md:hidden', cell: (state) => state.source ?? '–' },
    { label: 'Size', width: '6rem', align: 'right', cell: (state) => sizeText(state.blob_size) },
  ],
  lines: (state) => [
    ['Thread', state.thread_id],
    ['State', state.checkpoint_id],
    ['After', state.parent_checkpoint_id ?? '–'],
    ['Part', state.checkpoint_ns === '' ? '–' : state.checkpoint_ns],
    ['Step', state.step ?? '–'],
    ['From', state.source ?? '–'],
    ['Size', sizeText(state.blob_size)],
  ],
};

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);

export const VIEWS: { readonly [K in Kind]: View<K> } = { facts, episodes, procedures, users, checkpoints };
