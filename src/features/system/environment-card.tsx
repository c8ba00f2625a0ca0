'use client';

import { useMutation } from '@tanstack/react-query';
import { CircleCheck, CircleMinus, RefreshCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { readProblem } from '#client/problem.ts';
import { queryClient, trpc } from '#client/trpc.ts';
import { Badge } from '#ui/badge.tsx';
import { Button } from '#ui/button.tsx';
import { Card } from '#ui/card.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { toast } from '#ui/toast.tsx';
import { type Environment, SANDBOX_ITEMS } from './setting.ts';

/** What the machine offers to workflows: programs, the network, and how commands are kept apart. */
export function EnvironmentCard({ environment }: { environment: Environment }) {
  const recheck = useMutation(
    trpc.settings.recheckEnvironment.mutationOptions({
      onSuccess: ({ environment: found }) => {
        queryClient.setQueryData(
          trpc.settings.get.queryKey({}),
          (held) => held && { ...held, environment: found },
        );
        toast.success('The environment was checked');
      },
      onError: (error) => {
        toast.error('The environment could not be checked', { description: readProblem(error).message });
      },
    }),
  );
  const { gate, tier2_warnings, capabilities } = environment;
  const tools = Object.entries(capabilities.shell_tools);
  return (
    <Card
      title="Environment"
      description="What the machine Pipewright runs on offers to commands of workflows."
      footer={
        <Button icon={<RefreshCw />} loading={recheck.isPending} onClick={() => recheck.mutate({})}>
          Check again
        </Button>
      }
    >
      <div className="flex flex-col gap-5">
        {gate.passed ? null : (
          <ErrorNotice
            compact
            title="Commands cannot run here"
            description={gate.blocked_reason ?? 'The environment does not offer what they need.'}
          />
        )}
        <Machine environment={environment} />
        <Group title="Runtimes">
          <ul className="grid gap-x-6 sm:grid-cols-2">
            {Object.entries(capabilities.runtimes).map(([name, runtime]) => (
              <li key={name} className="flex min-w-0 items-center gap-2 py-1 text-sm">
                <Mark there={runtime.available} />
                <span className="font-mono text-xs font-medium">{name}</span>
                <span className="ml-auto truncate text-xs text-subtle" title={runtime.path ?? undefined}>
                  {runtime.available ? (runtime.version ?? runtime.path ?? 'Installed') : 'Not installed'}
                </span>
              </li>
            ))}
          </ul>
        </Group>
        <Group title="Tools commands rely on">
          <Tools tools={tools.filter(([, tool]) => tool.tier === 1)} />
        </Group>
        <Group
          title="Tools they often use"
          note={tier2_warnings.length > 0 ? tier2_warnings.join(' ') : undefined}
        >
          <Tools tools={tools.filter(([, tool]) => tool.tier === 2)} />
        </Group>
      </div>
    </Card>
  );
}

function Machine({ environment }: { environment: Environment }) {
  const { capabilities, sandbox_mode } = environment;
  const sandbox = SANDBOX_ITEMS.find((item) => item.value === sandbox_mode)?.label ?? sandbox_mode;
  return (
    <dl className="grid grid-cols-2 gap-x-6 gap-y-3 text-sm sm:grid-cols-4">
      <Fact name="System">
        {environment.os} {environment.arch}
      </Fact>
      <Fact name="Container">{environment.container ?? 'None'}</Fact>
      <Fact name="Sandbox in force">{sandbox}</Fact>
      <Fact name="Bubblewrap">{environment.bwrap_available ? 'Installed' : 'Not installed'}</Fact>
      <Fact name="Name lookup">
        <Answer yes={capabilities.network.dns} />
      </Fact>
      <Fact name="Web access">
        <Answer yes={capabilities.network.http} />
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-subtle">{name}</dt>
      <dd className="truncate">{children}</dd>
    </div>
  );
}

function Answer({ yes }: { yes: boolean }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <Mark there={yes} />
      {yes ? 'Works' : 'Fails'}
    </span>
  );
}

function Group({ title, note, children }: { title: string; note?: string | undefined; children: ReactNode }) {
  return (
    <div>
      <h3 className="mb-1.5 text-sm font-medium">{title}</h3>
      {children}
      {note ? <p className="mt-2 text-xs text-pretty text-subtle">{note}</p> : null}
    </div>
  );
}

function Tools({ tools }: { tools: readonly (readonly [string, { readonly available: boolean }])[] }) {
  return (
    <ul className="flex flex-wrap gap-1.5">
      {tools.map(([name, { available }]) => (
        <li key={name}>
          <Badge mono tone={available ? 'neutral' : 'warning'} icon={<Mark there={available} />}>
            {name}
            {available ? null : <span className="sr-only"> is missing</span>}
          </Badge>
        </li>
      ))}
    </ul>
  );
}

function Mark({ there }: { there: boolean }) {
  return there ? (
    <CircleCheck className="size-4 shrink-0 text-success-text" aria-hidden />
  ) : (
    <CircleMinus className="size-4 shrink-0 text-subtle" aria-hidden />
  );
}
