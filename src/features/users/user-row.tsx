'use client';

import { Ellipsis, KeyRound, Pencil, ShieldOff, UserCheck, UserX } from 'lucide-react';
import { Avatar } from '#ui/avatar.tsx';
import { Badge } from '#ui/badge.tsx';
import { cn } from '#ui/class-name.ts';
import { IconButton } from '#ui/icon-button.tsx';
import { Menu, type MenuEntry } from '#ui/menu.tsx';
import { RelativeTime } from '#ui/relative-time.tsx';
import { TableCell, TableRow, TableSelectCell } from '#ui/table.tsx';
import { useDisable, useEnable, useResetMfa } from './use-user-action.ts';
import { fullName, ROLE_LABELS, type User } from './user.ts';

interface UserRowProps {
  user: User;
  /** Whoever looks at the list. */
  self: boolean;
  selected: boolean;
  onSelect: (on: boolean) => void;
  onEdit: () => void;
  onKeys: () => void;
}

/** One account and its menu. */
export function UserRow({ user, self, selected, onSelect, onEdit, onKeys }: UserRowProps) {
  const menu = useUserMenu({ user, self, onEdit, onKeys });
  return (
    <TableRow selected={selected} onActivate={onEdit}>
      {self || !user.is_active ? (
        <TableCell className="w-10 pr-1" />
      ) : (
        <TableSelectCell label={`Select ${user.username}`} checked={selected} onCheckedChange={onSelect} />
      )}
      <TableCell className="w-full max-w-0 py-2">
        <NameCell user={user} self={self} onEdit={onEdit} />
      </TableCell>
      <TableCell muted className="max-md:hidden">
        {ROLE_LABELS[user.role]}
      </TableCell>
      <TableCell className="max-md:hidden">
        {user.mfa_enabled ? <Badge tone="success">On</Badge> : <span className="text-subtle">Off</span>}
      </TableCell>
      <TableCell align="right" muted className="max-lg:hidden">
        {user.key_count}
      </TableCell>
      <TableCell muted className="max-lg:hidden">
        <RelativeTime value={user.created_at} />
      </TableCell>
      <TableCell align="right" className="pl-0">
        <Menu
          align="end"
          trigger={
            <IconButton label={`Actions for ${user.username}`} icon={<Ellipsis />} loading={menu.busy} />
          }
          items={menu.items}
        />
      </TableCell>
    </TableRow>
  );
}

function NameCell({ user, self, onEdit }: { user: User; self: boolean; onEdit: () => void }) {
  const name = fullName(user);
  return (
    <span className="flex min-w-0 items-center gap-3">
      <Avatar name={name || user.username} size="md" className={cn(!user.is_active && 'opacity-50')} />
      <span className="min-w-0">
        <span className="flex min-w-0 items-center gap-2">
          <button
            type="button"
            onClick={onEdit}
            className={cn(
              'truncate rounded-sm text-left font-medium hover:underline',
              !user.is_active && 'text-subtle',
            )}
          >
            {user.username}
          </button>
          {self ? <Badge tone="accent">You</Badge> : null}
          {user.is_active ? null : <Badge tone="warning">Disabled</Badge>}
        </span>
        {name ? <span className="block truncate text-xs text-subtle">{name}</span> : null}
        <span className="block truncate text-xs text-subtle md:hidden">
          {ROLE_LABELS[user.role]}
          {user.mfa_enabled ? ' · two-step on' : ''}
        </span>
      </span>
    </span>
  );
}

interface MenuOptions {
  user: User;
  self: boolean;
  onEdit: () => void;
  onKeys: () => void;
}

function useUserMenu({ user, self, onEdit, onKeys }: MenuOptions): { items: MenuEntry[]; busy: boolean } {
  const disable = useDisable();
  const enable = useEnable(user);
  const resetMfa = useResetMfa(user);
  const turn: MenuEntry = user.is_active
    ? {
        label: 'Disable',
        icon: <UserX />,
        danger: true,
        disabled: self,
        onSelect: () => void disable.ask([user]),
      }
    : {
        label: 'Enable',
        icon: <UserCheck />,
        onSelect: () => enable.mutate({ user_id: user.id, is_active: true }),
      };
  return {
    busy: disable.busy || enable.isPending || resetMfa.busy,
    items: [
      { label: 'Edit', icon: <Pencil />, onSelect: onEdit },
      { label: 'API keys', icon: <KeyRound />, onSelect: onKeys },
      {
        label: 'Turn off two-step sign-in',
        icon: <ShieldOff />,
        disabled: self || !user.mfa_enabled,
        onSelect: () => void resetMfa.ask(),
      },
      { type: 'separator' },
      turn,
    ],
  };
}
