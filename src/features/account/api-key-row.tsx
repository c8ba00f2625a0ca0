'use client';

import type { ReactNode } from 'react';
import { Badge } from '#ui/badge.tsx';
import { Button } from '#ui/button.tsx';
import { cn } from '#ui/class-name.ts';
import { RelativeTime } from '#ui/relative-time.tsx';
import { TableCell, TableRow, TableSelectCell } from '#ui/table.tsx';
import { type ApiKey, isExpired } from './key-list-state.ts';
import { useRevokeKeys } from './use-revoke-keys.ts';

/** What the server calls the keys it hands out for a password. */
const LOGIN_KEY = 'session';

interface ApiKeyRowProps {
  apiKey: ApiKey;
  selected: boolean;
  onSelect: (on: boolean) => void;
}

/** One key: what it is for, when it was used and ends, and a way to revoke it. */
export function ApiKeyRow({ apiKey, selected, onSelect }: ApiKeyRowProps) {
  const revoke = useRevokeKeys();
  return (
    <TableRow selected={selected}>
      {apiKey.is_active ? (
        <TableSelectCell label={`Select ${apiKey.name}`} checked={selected} onCheckedChange={onSelect} />
      ) : (
        <TableCell className="w-10 pr-1" />
      )}
      <TableCell className="w-full max-w-0 py-2">
        <span className="flex min-w-0 items-center gap-2">
          <span className={cn('truncate font-medium', !apiKey.is_active && 'text-subtle')}>
            {apiKey.name}
          </span>
          {apiKey.name === LOGIN_KEY ? (
            <Badge title="Handed out to a program that signed in with your password; Security says to which.">
              Login key
            </Badge>
          ) : null}
        </span>
        <span className="block truncate text-xs text-subtle">
          <code className="font-mono">{apiKey.prefix}…</code>
          <span className="sm:hidden">
            {' · '}
            {apiKey.last_used_at === null ? (
              'never used'
            ) : (
              <>
                used <RelativeTime value={apiKey.last_used_at} />
              </>
            )}
          </span>
        </span>
      </TableCell>
      <TableCell muted className="max-sm:hidden">
        {apiKey.last_used_at === null ? 'Never' : <RelativeTime value={apiKey.last_used_at} />}
      </TableCell>
      <TableCell muted className="max-sm:hidden">
        <Ending apiKey={apiKey} />
      </TableCell>
      <TableCell muted className="max-md:hidden">
        <RelativeTime value={apiKey.created_at} />
      </TableCell>
      <TableCell align="right">
        {apiKey.is_active ? (
          <Button
            size="sm"
            aria-label={`Revoke ${apiKey.name}`}
            loading={revoke.busy}
            onClick={() => void revoke.ask([apiKey])}
          >
            Revoke
          </Button>
        ) : (
          <Badge>Revoked</Badge>
        )}
      </TableCell>
    </TableRow>
  );
}

const SOON_MS = 7 * 86_400_000;

function Ending({ apiKey }: { apiKey: ApiKey }): ReactNode {
  if (apiKey.expires_at === null) return 'Never';
  const now = Date.now();
  if (isExpired(apiKey, now)) return <Badge tone="warning">Expired</Badge>;
  const soon = Date.parse(apiKey.expires_at) - now < SOON_MS;
  return <RelativeTime value={apiKey.expires_at} className={cn(soon && 'font-medium text-warning-text')} />;
}
