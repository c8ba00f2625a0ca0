'use client';

import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { queryClient, trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { Card } from '#ui/card.tsx';
import { useConfirm } from '#ui/confirm-provider.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { toast } from '#ui/toast.tsx';
import { type Draft, draftOf, isChanged, isOtherModel, type MemorySearch } from './memory-search.ts';
import { MemorySearchFields } from './memory-search-fields.tsx';
import { MemorySearchTrial } from './memory-search-trial.tsx';

/** Chooses the model that memories are embedded with, after a try, or none. */
export function MemorySearchForm({ setting }: { setting: MemorySearch }) {
  const confirm = useConfirm();
  const [draft, setDraft] = useState<Draft>(() => draftOf(setting));
  const [tried, setTried] = useState(false);
  const trial = useMutation(trpc.memorySearch.test.mutationOptions());
  const save = useMutation(
    trpc.memorySearch.set.mutationOptions({
      onSuccess: ({ model }) =>
        void toast.success(model === null ? 'Memories are found by their words only' : 'The model is chosen'),
      onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.memorySearch.pathKey() }),
    }),
  );
  const { credential, model, dimensions, similarity } = draft;
  const isOn = setting.credential_id !== null;
  const submit = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (credential === null || model === '') return;
    if (isOn && isOtherModel(draft, setting) && !(await confirm(embedAnew(setting)))) return;
    save.mutate({ credential_id: credential, model, dimensions, min_similarity: similarity / 100 });
  };
  const turnOff = async (): Promise<void> => {
    if (await confirm(OFF)) save.mutate({ credential_id: null });
  };
  const change = (part: Partial<Draft>): void => {
    trial.reset();
    setDraft((now) => ({ ...now, ...part }));
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Card
        title="Embedding model"
        description="Memories are always found by their words. With a model, agents also find what means the same in other words. Every text of a memory is sent to its provider."
        footer={
          <>
            {isOn ? (
              <Button disabled={save.isPending} onClick={() => void turnOff()}>
                Turn off
              </Button>
            ) : null}
            <Button
              loading={trial.isPending}
              disabled={credential === null || model === ''}
              onClick={() =>
                credential !== null && trial.mutate({ credential_id: credential, model, dimensions })
              }
            >
              Test
            </Button>
            <Button
              type="submit"
              variant="primary"
              loading={save.isPending}
              disabled={isOn && !isChanged(draft, setting)}
            >
              Save
            </Button>
          </>
        }
      >
        <div className="flex flex-col gap-4">
          {save.error ? <ErrorNotice compact title={readProblem(save.error).message} /> : null}
          <MemorySearchFields draft={draft} change={change} tried={tried} />
          <MemorySearchTrial result={trial.data} error={trial.error} similarity={similarity} />
        </div>
      </Card>
    </form>
  );
}

const embedAnew = ({ memories }: MemorySearch) => ({
  title: 'Choose another model?',
  description: `Its vectors are others: ${memories.total === 1 ? 'the memory is' : `all ${memories.total} memories are`} embedded anew, which its provider charges for. Until that is done, they are found by their words.`,
  confirmLabel: 'Choose and embed anew',
});

const OFF = {
  title: 'Find memories by their words only?',
  description: 'The vectors are deleted. Choosing a model again embeds every memory anew.',
  confirmLabel: 'Turn off',
  tone: 'danger',
} as const;
