'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useId, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { trpc } from '#client/trpc.ts';
import type { OutputOf } from '#contract/contract.ts';
import { Button } from '#ui/button.tsx';
import { CopyButton } from '#ui/copy-button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Field } from '#ui/field.tsx';
import { Input } from '#ui/input.tsx';
import { Link } from '#ui/link.tsx';
import { Spinner } from '#ui/spinner.tsx';
import { Switch } from '#ui/switch.tsx';
import { Textarea } from '#ui/textarea.tsx';
import { toast } from '#ui/toast.tsx';
import { readSchemaText, schemaText } from './schema-text.ts';

const TITLE = 'Offer as MCP tool';

interface OfferMcpDialogProps {
  slug: string;
  onClose: () => void;
}

/** Whether programs may call a workflow over the Model Context Protocol, and as what. */
export function OfferMcpDialog({ slug, onClose }: OfferMcpDialogProps) {
  const offer = useQuery(
    trpc.mcp.offer.queryOptions({ workflow_slug: slug }, { staleTime: 0, refetchOnWindowFocus: false }),
  );
  // What was read earlier may be out of date, and saving would bring it back.
  if (offer.data && offer.isFetchedAfterMount)
    return <OfferForm slug={slug} offer={offer.data} onClose={onClose} />;
  return (
    <Dialog open title={TITLE} onOpenChange={(open) => (open ? undefined : onClose())}>
      {offer.error ? (
        <ErrorNotice
          title="The settings could not be read"
          description={readProblem(offer.error).message}
          onRetry={() => void offer.refetch()}
        />
      ) : (
        <div className="grid place-items-center py-10">
          <Spinner label="Reading the settings" />
        </div>
      )}
    </Dialog>
  );
}

type Offer = OutputOf<'mcp', 'offer'>;

function OfferForm({ slug, offer, onClose }: OfferMcpDialogProps & { offer: Offer }) {
  const form = useId();
  const queries = useQueryClient();
  const [enabled, setEnabled] = useState(offer.enabled);
  const [name, setName] = useState(offer.tool_name);
  const [description, setDescription] = useState(offer.description);
  const [schema, setSchema] = useState(schemaText(offer.input_schema));
  const [fault, setFault] = useState<string | null>(null);
  const save = useMutation(
    trpc.mcp.setOffer.mutationOptions({
      onSuccess: (saved) => {
        queries.setQueryData(trpc.mcp.offer.queryKey({ workflow_slug: slug }), saved);
        if (saved.problem) toast.info('Saved, but clients do not see it yet', { description: saved.problem });
        else toast.success(saved.enabled ? 'Offered as a tool' : 'No longer offered');
        onClose();
      },
    }),
  );
  const problem = save.error ? readProblem(save.error) : null;
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const read = readSchemaText(schema);
    setFault(read.fault);
    if (read.fault !== null) return;
    save.mutate({
      workflow_slug: slug,
      enabled,
      tool_name: name.trim(),
      description,
      input_schema: read.schema,
    });
  };
  return (
    <Dialog
      open
      size="lg"
      title={TITLE}
      description="Lets programs that speak the Model Context Protocol run this workflow and get its answer."
      onOpenChange={(open) => (open ? undefined : onClose())}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={form} variant="primary" loading={save.isPending}>
            Save
          </Button>
        </>
      }
    >
      <form id={form} noValidate onSubmit={submit} className="flex flex-col gap-4">
        {problem && Object.keys(problem.fields).length === 0 ? (
          <ErrorNotice compact title={problem.message} />
        ) : null}
        <Switch
          checked={enabled}
          onCheckedChange={setEnabled}
          label="Offer it"
          description="Whoever has an API key and may run workflows of this environment can call it."
        />
        {enabled ? (
          <>
            {offer.problem ? <ErrorNotice compact title={offer.problem} /> : null}
            <Field
              label="Name of the tool"
              description="Letters, digits, “_” and “-”."
              error={problem?.fields.tool_name}
            >
              <Input maxLength={64} value={name} onValueChange={setName} spellCheck={false} />
            </Field>
            <Field
              label="Description"
              description="Tells a model what it does and when to use it."
              error={problem?.fields.description}
            >
              <Textarea rows={3} maxLength={2000} value={description} onValueChange={setDescription} />
            </Field>
            <Field
              label="Arguments"
              optional
              description="JSON Schema of an object. Without it the workflow gets a text."
              error={fault ?? problem?.fields.input_schema}
            >
              <Textarea
                mono
                rows={6}
                value={schema}
                onValueChange={setSchema}
                spellCheck={false}
                placeholder={schemaText(offer.effective_schema)}
              />
            </Field>
            <ServerAddress />
          </>
        ) : null}
      </form>
    </Dialog>
  );
}

function ServerAddress() {
  const address = `${window.location.origin}/mcp`;
  return (
    <section className="flex flex-col gap-1.5">
      <p className="text-sm text-muted">
        Clients connect to this address with an{' '}
        <Link href="/settings/api-keys" className="underline">
          API key
        </Link>{' '}
        as bearer token.
      </p>
      <div className="flex items-center gap-1">
        <code className="flex min-h-8 min-w-0 flex-1 items-center rounded-md border bg-sunken px-2.5 font-mono text-xs break-all select-all">
          {address}
        </code>
        <CopyButton value={address} label="Copy address" size="md" />
      </div>
    </section>
  );
}
