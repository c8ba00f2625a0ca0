'use client';

import { Ellipsis, FlaskConical, Pencil, Power, PowerOff, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '#ui/button.tsx';
import { Card } from '#ui/card.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { Menu, type MenuEntry } from '#ui/menu.tsx';
import { Page, PageHeader } from '#ui/page-header.tsx';
import { RelativeTime } from '#ui/relative-time.tsx';
import type { Credential } from './credential.ts';
import { CredentialFacts } from './credential-fact.tsx';
import { EditCredential } from './credential-form.tsx';
import { kindDetail, kindOf } from './credential-kind.tsx';
import { ModelList } from './model-list.tsx';
import { testAdvice } from './test-advice.ts';
import { TestBadge } from './test-badge.tsx';
import { useSwitch, useTest } from './use-credential-action.ts';
import { useDeleteCredentials } from './use-delete.tsx';
import { UseList } from './use-list.tsx';

/** A loaded credential. */
export function CredentialDetail({ credential }: { credential: Credential }) {
  const [editing, setEditing] = useState(false);
  const kind = kindOf(credential);
  return (
    <Page>
      <PageHeader
        breadcrumbs={[{ label: 'Credentials', href: '/credentials' }, { label: credential.name }]}
        title={credential.name}
        description={[kind.label, kindDetail(credential)].filter((text) => text !== '').join(' · ')}
        meta={<TestBadge credential={credential} />}
        actions={<Actions credential={credential} onEdit={() => setEditing(true)} />}
      />
      <LastTest credential={credential} />
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <Card title="Details">
          <CredentialFacts credential={credential} />
        </Card>
        <div className="flex min-w-0 flex-col gap-6">
          <UseList credential={credential} />
          {credential.credential_type === 'llm' ? <ModelList credentialId={credential.id} /> : null}
        </div>
      </div>
      {editing ? <EditCredential credential={credential} onClose={() => setEditing(false)} /> : null}
    </Page>
  );
}

function Actions({ credential, onEdit }: { credential: Credential; onEdit: () => void }) {
  const router = useRouter();
  const test = useTest();
  const gateway = useSwitch();
  const remove = useDeleteCredentials();
  const switchTo = (action: 'activate' | 'deactivate') => () => gateway.mutate({ ...credential, action });
  const items: MenuEntry[] = [
    ...(credential.credential_type === 'gateway'
      ? [
          { label: 'Activate', icon: <Power />, onSelect: switchTo('activate') },
          { label: 'Deactivate', icon: <PowerOff />, onSelect: switchTo('deactivate') },
          { type: 'separator' as const },
        ]
      : []),
    {
      label: 'Delete',
      icon: <Trash2 />,
      danger: true,
      onSelect: () => void remove([credential]).then((gone) => gone && router.push('/credentials')),
    },
  ];
  return (
    <>
      <Button icon={<Pencil />} onClick={onEdit}>
        Edit
      </Button>
      {credential.testable ? (
        <Button
          variant="primary"
          icon={<FlaskConical />}
          loading={test.isPending}
          onClick={() => test.mutate(credential)}
        >
          Test
        </Button>
      ) : null}
      <Menu
        align="end"
        trigger={
          <IconButton
            label="More actions"
            icon={<Ellipsis />}
            variant="secondary"
            loading={gateway.isPending}
          />
        }
        items={items}
      />
    </>
  );
}

/** Why the last test failed and what to do; nothing when it did not. */
function LastTest({ credential }: { credential: Credential }) {
  const { last_test } = credential;
  if (last_test === null || last_test.ok) return null;
  const advice = testAdvice(last_test.error);
  return (
    <ErrorNotice
      className="mb-6"
      title={last_test.error === '' ? 'The last test failed' : last_test.error}
      description={
        <>
          {advice === '' ? null : `${advice} `}
          Tested <RelativeTime value={last_test.at} />.
        </>
      }
    />
  );
}
