'use client';

import { ChevronRight } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { GraphCommand } from '#domain/graph/command.ts';
import type { GraphNode } from '#domain/graph/graph.ts';
import { nodeTitle } from '#domain/graph/graph.ts';
import { type AnyDefinition, readConfig } from '#domain/node/definition.ts';
import { useActions } from '../command/actions-context.ts';
import { useEditor } from '../editor-context.ts';
import { useSample } from '../run/sample.ts';
import { ConfigField } from './config-field.tsx';
import { type FieldSpec, fieldErrors, fieldsOf, isShown, withField } from './field-spec.ts';
import { suggestionsFor } from './suggestion.ts';

type StoredConfig = NonNullable<Extract<GraphCommand, { kind: 'update_node' }>['config']>;

/** The form of a node type, written straight into the document: every change is a command and can be undone. */
export function ConfigForm({ node, definition }: { node: GraphNode; definition: AnyDefinition }) {
  const { document, definitionOf } = useEditor();
  const actions = useActions();
  const sample = useSample();
  const fields = useMemo(() => fieldsOf(definition), [definition]);
  const config = readConfig(definition, node.config) as Record<string, unknown>;
  const errors = useMemo(() => fieldErrors(definition, node.config), [definition, node.config]);
  const suggestions = () => suggestionsFor(document.store.getState().graph, node.id, sample, definitionOf);
  const set = (field: FieldSpec, value: unknown): void => {
    const current = document.store.getState().nodes.get(node.id);
    if (!current) return;
    actions.change({
      name: `Change ${field.title} of ${nodeTitle(current)}`,
      commands: [
        { kind: 'update_node', id: node.id, config: withField(current.config, field, value) as StoredConfig },
      ],
      mergeKey: `config:${node.id}:${field.name}`,
    });
  };
  const shown = fields.filter((field) => isShown(field, config));
  const rows = (group: FieldSpec[]) =>
    group.map((field) => (
      <ConfigField
        key={field.name}
        field={{ ...field, language: languageOf(field, config) }}
        value={config[field.name]}
        error={errors.get(field.name)}
        errors={errors}
        siblings={config}
        suggestions={field.verbatim ? () => [] : suggestions}
        onChange={(value) => set(field, value)}
      />
    ));
  const advanced = shown.filter((field) => field.group === 'advanced');
  if (shown.length === 0) return <p className="text-sm text-subtle">This node needs no settings.</p>;
  return (
    <div className="flex flex-col gap-5">
      {rows(shown.filter((field) => field.group !== 'advanced'))}
      {advanced.length > 0 ? (
        <Fold title="Advanced" open={advanced.some((field) => errors.has(field.name))}>
          {rows(advanced)}
        </Fold>
      ) : null}
    </div>
  );
}

/** Source code is in the language that the same form chooses, if it does. */
function languageOf(field: FieldSpec, config: Readonly<Record<string, unknown>>): FieldSpec['language'] {
  const chosen = config['language'];
  return field.control === 'code' && (chosen === 'javascript' || chosen === 'python')
    ? chosen
    : field.language;
}

/** A part of the form that is out of the way until it is wanted. */
export function Fold({
  title,
  open,
  children,
}: {
  title: string;
  open?: boolean;
  children: React.ReactNode;
}) {
  const [wanted, setWanted] = useState(open ?? false);
  return (
    <details
      open={wanted || open}
      onToggle={(event) => setWanted(event.currentTarget.open)}
      className="group"
    >
      <summary className="flex list-none items-center gap-1 rounded-md py-1 text-sm font-medium text-muted hover:text-text [&::-webkit-details-marker]:hidden">
        <ChevronRight className="size-4 transition-transform group-open:rotate-90" aria-hidden />
        {title}
      </summary>
      <div className="flex flex-col gap-5 pt-3">{children}</div>
    </details>
  );
}
