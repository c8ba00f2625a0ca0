import type { Status } from '#ui/status-badge.tsx';
import type { Fire } from './schedule.ts';

interface FireLook {
  readonly status: Status;
  readonly label: string;
}

const RESULTS = {
  completed: { status: 'success', label: 'Succeeded' },
  failed: { status: 'failed', label: 'Failed' },
  cancelled: { status: 'cancelled', label: 'Cancelled' },
} as const satisfies Record<NonNullable<Fire['result']>, FireLook>;

const OUTCOMES = {
  starting: { status: 'queued', label: 'Starting' },
  fired: { status: 'running', label: 'Running' },
  queued: { status: 'queued', label: 'Waits for its turn' },
  skipped_overlap: { status: 'skipped', label: 'Left out' },
  skipped_inactive: { status: 'skipped', label: 'Left out' },
  misfired: { status: 'skipped', label: 'Missed' },
  backed_off: { status: 'skipped', label: 'Put off' },
  failed: { status: 'failed', label: 'Not started' },
} as const satisfies Record<Fire['outcome'], FireLook>;

/** How a fire is drawn: by how its run ended, or why there is none. */
export const fireLook = ({ outcome, result }: Pick<Fire, 'outcome' | 'result'>): FireLook =>
  result === null ? OUTCOMES[outcome] : RESULTS[result];

const WHY: Partial<Record<Fire['outcome'], string>> = {
  queued: 'The run before has not ended.',
  skipped_overlap: 'The run before had not ended.',
  skipped_inactive: 'The workflow or its trigger was switched off.',
  misfired: 'Nothing was there to make it at its time.',
  backed_off: 'The run before failed, so this one waits longer.',
};

/** What a person should know about a fire beside its look; empty when there is nothing. */
export const fireDetail = ({ outcome, detail }: Pick<Fire, 'outcome' | 'detail'>): string =>
  detail === '' ? (WHY[outcome] ?? '') : detail;
