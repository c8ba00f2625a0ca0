'use client';

import { useQuery } from '@tanstack/react-query';
import { trpc } from '#client/trpc.ts';
import { ButtonLink } from '#ui/button.tsx';
import { Combobox } from '#ui/combobox.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Field } from '#ui/field.tsx';
import { Input } from '#ui/input.tsx';
import { Select } from '#ui/select.tsx';
import { FormSection, type SectionProps } from './form-section.tsx';
import { useWorkflowItems } from './use-workflow-items.ts';

const FIRST = 'first';

interface WhatSectionProps extends SectionProps {
  /** A saved schedule stays with its workflow and trigger. */
  fixed: boolean;
}

/** The name of the schedule, and what it runs. */
export function WhatSection({ draft, faults, set, fixed }: WhatSectionProps) {
  const { items, loading, workflow } = useWorkflowItems(draft.workflowId);
  return (
    <FormSection title="What">
      <Field label="Name" error={faults.name}>
        <Input
          autoFocus
          maxLength={200}
          placeholder="Nightly report"
          value={draft.name}
          onValueChange={(name) => set({ name })}
        />
      </Field>
      <Field label="Description" optional error={faults.description}>
        <Input
          maxLength={10_000}
          value={draft.description}
          onValueChange={(description) => set({ description })}
        />
      </Field>
      <Field
        label="Workflow"
        error={faults.workflowId}
        description={fixed ? 'To run another workflow, make a copy of this schedule.' : undefined}
      >
        <Combobox
          placeholder="Choose a workflow"
          clearable={false}
          disabled={fixed}
          loading={loading}
          items={items}
          value={draft.workflowId === null ? null : String(draft.workflowId)}
          onValueChange={(id) => set({ workflowId: id === null ? null : Number(id), triggerNodeId: null })}
        />
      </Field>
      {workflow ? (
        <TriggerField slug={workflow.slug} draft={draft} faults={faults} set={set} fixed={fixed} />
      ) : null}
    </FormSection>
  );
}

function TriggerField({ slug, draft, faults, set, fixed }: WhatSectionProps & { slug: string }) {
  const nodes = useQuery(trpc.nodes.list.queryOptions({ workflow_slug: slug }, { staleTime: 10_000 }));
  if (!nodes.data) return null;
  const triggers = nodes.data.filter((node) => node.component_type.startsWith('trigger_'));
  const own = triggers.filter((node) => node.component_type === 'trigger_schedule');
  if (own.length === 0 && draft.triggerNodeId === null && triggers.length === 0) {
    return <NoTrigger slug={slug} title="This workflow has no trigger" />;
  }
  const items = [
    { value: FIRST, label: 'The first schedule trigger', description: own[0] && titleOf(own[0]) },
    ...triggers.map((node) => ({
      value: String(node.id),
      label: titleOf(node),
      description: node.component_type.replace('trigger_', '').replaceAll('_', ' '),
    })),
  ];
  return (
    <>
      <Field label="Trigger" error={faults.triggerNodeId} description="The node the run begins at.">
        <Select
          disabled={fixed}
          items={items}
          value={draft.triggerNodeId === null ? FIRST : String(draft.triggerNodeId)}
          onValueChange={(id) => set({ triggerNodeId: id === FIRST ? null : Number(id) })}
        />
      </Field>
      {own.length === 0 && draft.triggerNodeId === null ? (
        <NoTrigger slug={slug} title="This workflow has no schedule trigger" />
      ) : null}
    </>
  );
}

const titleOf = (node: { readonly label: string | null; readonly node_id: string }): string =>
  node.label || node.node_id;

function NoTrigger({ slug, title }: { slug: string; title: string }) {
  return (
    <ErrorNotice
      compact
      tone="warning"
      title={title}
      description="Its runs cannot start until it has one, or until another trigger is chosen here."
      action={
        <ButtonLink size="sm" href={`/workflows/${slug}`}>
          Open the workflow
        </ButtonLink>
      }
    />
  );
}
