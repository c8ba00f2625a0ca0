'use client';

import { useQuery } from '@tanstack/react-query';
import { readProblem } from '#client/problem.ts';
import { trpc } from '#client/trpc.ts';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Skeleton } from '#ui/skeleton.tsx';
import { ConfigForm } from './config-form.tsx';
import { EnvironmentCard } from './environment-card.tsx';
import { listed } from './setting.ts';

/** /settings/system: how this installation is set up, and what the machine it runs on offers. */
export function SystemScreen() {
  const me = useQuery(trpc.auth.me.queryOptions({}, { staleTime: 60_000 }));
  const settings = useQuery(trpc.settings.get.queryOptions({}));
  if (settings.error && !settings.data) {
    return (
      <ErrorNotice
        title="The settings could not be loaded"
        description={readProblem(settings.error).message}
        onRetry={() => void settings.refetch()}
      />
    );
  }
  if (!settings.data || !me.data) {
    return (
      <>
        <Skeleton className="h-120 w-full rounded-lg" />
        <Skeleton className="h-80 w-full rounded-lg" />
      </>
    );
  }
  const { config, environment, pending_restart, fixed_by_environment } = settings.data;
  return (
    <>
      {pending_restart.length > 0 ? (
        <ErrorNotice
          tone="warning"
          title="Restart Pipewright to finish"
          description={`${listed(pending_restart)} ${pending_restart.length === 1 ? 'counts' : 'count'} from the next start on. Runs that are under way go on afterwards.`}
        />
      ) : null}
      <ConfigForm config={config} fixed={fixed_by_environment} readOnly={me.data.role !== 'admin'} />
      <EnvironmentCard environment={environment} />
    </>
  );
}
