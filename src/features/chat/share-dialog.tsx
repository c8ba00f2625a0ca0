'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useId, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { api, trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Spinner } from '#ui/spinner.tsx';
import { toast } from '#ui/toast.tsx';
import { AddressPart, EmbedPart, LimitPart, WordPart } from './share-fields.tsx';
import { type PageSettings, type PageWish, wishOf } from './share-wish.ts';

/** How a workflow chats with people who have no account: its page, its widget, and what they may cost. */
export function ShareDialog({ slug, onClose }: { slug: string; onClose: () => void }) {
  const page = useQuery(
    trpc.chat.page.queryOptions({ workflow_slug: slug }, { staleTime: 0, refetchOnWindowFocus: false }),
  );
  // What was read earlier may be out of date, and saving would bring it back.
  if (page.data && page.isFetchedAfterMount)
    return <ShareForm slug={slug} page={page.data} onClose={onClose} />;
  return (
    <Dialog open title="Share chat" onOpenChange={(open) => (open ? undefined : onClose())}>
      {page.error ? (
        <ErrorNotice
          title="The settings could not be read"
          description={readProblem(page.error).message}
          onRetry={() => void page.refetch()}
        />
      ) : (
        <div className="grid place-items-center py-10">
          <Spinner label="Reading the settings" />
        </div>
      )}
    </Dialog>
  );
}

interface FormProps {
  slug: string;
  page: PageSettings;
  onClose: () => void;
}

function ShareForm({ slug, page, onClose }: FormProps) {
  const form = useId();
  const queries = useQueryClient();
  const [wish, setWish] = useState(() => wishOf(page));
  const [faults, setFaults] = useState<Readonly<Record<string, string>>>({});
  const [busy, setBusy] = useState(false);
  const change = (part: Partial<PageWish>): void => setWish((now) => ({ ...now, ...part }));
  const save = async (more: Partial<PageWish> = {}): Promise<void> => {
    setBusy(true);
    try {
      const saved = await api.chat.savePage.mutate({ workflow_slug: slug, ...wish, ...more });
      queries.setQueryData(trpc.chat.page.queryKey({ workflow_slug: slug }), saved);
      setFaults({});
      toast.success(saved.enabled ? 'The chat is open to visitors' : 'Saved; the chat is switched off');
    } catch (error) {
      const { fields, message } = readProblem(error);
      setFaults(Object.keys(fields).length > 0 ? fields : { '': message });
    }
    setBusy(false);
  };
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    void save();
  };
  return (
    <Dialog
      open
      size="lg"
      title="Share chat"
      description="Lets people without an account talk to this workflow. Each sees only their own conversation."
      onOpenChange={(open) => (open ? undefined : onClose())}
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" form={form} variant="primary" loading={busy}>
            Save
          </Button>
        </>
      }
    >
      <form id={form} noValidate onSubmit={submit} className="flex flex-col gap-6">
        {faults[''] ? <ErrorNotice compact title={faults['']} /> : null}
        <AddressPart
          page={page}
          wish={wish}
          change={change}
          faults={faults}
          busy={busy}
          renew={() => void save({ renew_address: true })}
        />
        {wish.enabled ? (
          <>
            <WordPart wish={wish} change={change} faults={faults} />
            <EmbedPart page={page} wish={wish} change={change} faults={faults} />
            <LimitPart page={page} wish={wish} change={change} faults={faults} />
          </>
        ) : null}
      </form>
    </Dialog>
  );
}
