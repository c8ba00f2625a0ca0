'use client';

import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { queryClient, trpc } from '#client/trpc.ts';
import type { OutputOf } from '#contract/contract.ts';
import { Button } from '#ui/button.tsx';
import { Card } from '#ui/card.tsx';
import { CopyButton } from '#ui/copy-button.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Field } from '#ui/field.tsx';
import { Input } from '#ui/input.tsx';
import { toast } from '#ui/toast.tsx';
import { AccessFields, LogFields, RunFields, StorageFields } from './config-fields.tsx';
import { type ConfigEntry, changesOf, entryOf, listed, type Settings } from './setting.ts';

interface ConfigFormProps {
  config: Settings['config'];
  /** What a variable of the server's environment decides. */
  fixed: readonly string[];
  readOnly: boolean;
}

/** The configuration of the installation. Everybody may read it; administrators change it. */
export function ConfigForm({ config, fixed, readOnly }: ConfigFormProps) {
  const [draft, setDraft] = useState<Partial<ConfigEntry>>({});
  const entry = { ...entryOf(config), ...draft };
  const changes = changesOf(config, entry);
  const save = useSave(() => setDraft({}));
  const problem = save.error ? readProblem(save.error) : null;
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (Object.keys(changes).length > 0) save.mutate(changes);
  };
  const parts = {
    entry,
    faults: problem?.fields ?? {},
    locked: (name: string) => readOnly || fixed.includes(name),
    fixed,
    onChange: (change: Partial<ConfigEntry>) => setDraft({ ...draft, ...change }),
  };
  const changed = Object.keys(changes).length > 0;
  return (
    <form onSubmit={submit} noValidate>
      <Card
        title="System"
        description={
          readOnly
            ? 'How this installation is set up. Administrators can change it.'
            : 'The log level and the rule for abandoned runs count at once, everything else after a restart.'
        }
        footer={
          readOnly ? undefined : (
            <>
              {changed ? <Button onClick={() => setDraft({})}>Discard</Button> : null}
              <Button type="submit" variant="primary" disabled={!changed} loading={save.isPending}>
                Save
              </Button>
            </>
          )
        }
      >
        <div className="flex flex-col gap-6">
          {problem && Object.keys(problem.fields).length === 0 ? (
            <ErrorNotice compact title={problem.message} />
          ) : null}
          <AccessFields {...parts} />
          <LogFields {...parts} />
          <RunFields {...parts} />
          <StorageFields {...parts}>
            <Field label="Data directory" orientation="horizontal">
              <Input
                readOnly
                mono
                value={config.pipelit_dir}
                trailing={<CopyButton value={config.pipelit_dir} label="Copy path" />}
              />
            </Field>
          </StorageFields>
        </div>
      </Card>
    </form>
  );
}

function useSave(onSaved: () => void) {
  return useMutation(
    trpc.settings.update.mutationOptions({
      onSuccess: async (answer) => {
        await queryClient.invalidateQueries({ queryKey: trpc.settings.get.queryKey() });
        onSaved();
        say(answer);
      },
    }),
  );
}

function say({ hot_reloaded, restart_required }: OutputOf<'settings', 'update'>): void {
  const restart = restart_required.length > 0 ? `${listed(restart_required)}: after a restart.` : '';
  const hot = hot_reloaded.length > 0 ? `${listed(hot_reloaded)}: in force now.` : '';
  toast.success('Settings saved', { description: `${hot} ${restart}`.trim() });
}
