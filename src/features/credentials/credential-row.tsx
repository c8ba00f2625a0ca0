'use client';

import { Ellipsis, Eye, FlaskConical, Pencil, Power, PowerOff, Star, Trash2 } from 'lucide-react';
import { IconButton } from '#ui/icon-button.tsx';
import { Link } from '#ui/link.tsx';
import { Menu, type MenuEntry } from '#ui/menu.tsx';
import { RelativeTime } from '#ui/relative-time.tsx';
import { TableCell, TableRow, TableSelectCell } from '#ui/table.tsx';
import type { Credential } from './credential.ts';
import { kindDetail, kindOf } from './credential-kind.tsx';
import { TestBadge } from './test-badge.tsx';
import { useStar, useSwitch, useTest } from './use-credential-action.ts';

interface CredentialRowProps {
  credential: Credential;
  selected: boolean;
  onSelect: (on: boolean) => void;
  onOpen: () => void;
  onEdit: () => void;
  onDelete: () => void;
}

/** One credential: what it is, where it may go, who uses it, and whether it works. */
export function CredentialRow(props: CredentialRowProps) {
  const { credential, selected, onSelect, onOpen } = props;
  const kind = kindOf(credential);
  return (
    <TableRow selected={selected} onActivate={onOpen}>
      <TableSelectCell label={`Select ${credential.name}`} checked={selected} onCheckedChange={onSelect} />
      <TableCell className="w-full max-w-0 py-2">
        <span className="flex min-w-0 items-center gap-1.5">
          <Link
            href={`/credentials/${credential.id}`}
            className="truncate rounded-sm font-medium hover:underline"
          >
            {credential.name}
          </Link>
          {credential.credential_type === 'tool' ? <StarButton credential={credential} /> : null}
        </span>
        <span className="flex min-w-0 items-center gap-1.5 text-xs text-subtle">
          <span className="flex shrink-0 [&_svg]:size-3.5" aria-hidden>
            {kind.icon}
          </span>
          <span className="truncate">
            {[kind.label, kindDetail(credential)].filter((text) => text !== '').join(' · ')}
          </span>
        </span>
        {credential.testable ? (
          <span className="mt-1 block text-xs sm:hidden">
            <TestBadge credential={credential} />
          </span>
        ) : null}
      </TableCell>
      <TableCell muted className="max-w-56 truncate text-xs max-lg:hidden">
        {credential.hosts.length === 0 ? '–' : credential.hosts.join(', ')}
      </TableCell>
      <TableCell align="right" muted className="max-md:hidden">
        {credential.used_by === 0 ? '–' : credential.used_by.toLocaleString('en')}
      </TableCell>
      <TableCell muted className="max-md:hidden">
        {credential.last_used_at === null ? 'Never' : <RelativeTime value={credential.last_used_at} />}
      </TableCell>
      <TableCell className="whitespace-nowrap max-sm:hidden">
        <TestBadge credential={credential} />
      </TableCell>
      <TableCell align="right" className="pl-0">
        <RowMenu {...props} />
      </TableCell>
    </TableRow>
  );
}

function StarButton({ credential }: { credential: Credential }) {
  const star = useStar();
  const isOn = star.isPending ? star.variables.on : credential.detail['is_preferred'] === true;
  return (
    <IconButton
      size="sm"
      label={isOn ? `Do not prefer ${credential.name}` : `Prefer ${credential.name}`}
      icon={<Star className={isOn ? 'fill-current text-status-waiting' : undefined} />}
      pressed={isOn}
      className="-my-1"
      onClick={() => star.mutate({ id: credential.id, on: !isOn })}
    />
  );
}

function RowMenu({ credential, onEdit, onDelete }: CredentialRowProps) {
  const test = useTest();
  const gateway = useSwitch();
  const isGateway = credential.credential_type === 'gateway';
  const items: MenuEntry[] = [
    { label: 'Open', icon: <Eye />, href: `/credentials/${credential.id}` },
    ...(credential.testable
      ? [{ label: 'Test', icon: <FlaskConical />, onSelect: () => test.mutate(credential) }]
      : []),
    { label: 'Edit', icon: <Pencil />, onSelect: onEdit },
    ...(isGateway
      ? [
          {
            label: 'Activate',
            icon: <Power />,
            onSelect: () => gateway.mutate({ ...credential, action: 'activate' }),
          },
          {
            label: 'Deactivate',
            icon: <PowerOff />,
            onSelect: () => gateway.mutate({ ...credential, action: 'deactivate' }),
          },
        ]
      : []),
    { type: 'separator' },
    { label: 'Delete', icon: <Trash2 />, danger: true, onSelect: onDelete },
  ];
  return (
    <Menu
      align="end"
      trigger={
        <IconButton
          label={`Actions for ${credential.name}`}
          icon={<Ellipsis />}
          loading={test.isPending || gateway.isPending}
          data-row-menu
        />
      }
      items={items}
    />
  );
}
