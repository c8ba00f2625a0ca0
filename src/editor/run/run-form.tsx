'use client';

import { useState } from 'react';
import type { InputOf } from '#contract/contract.ts';
import type { GraphNode } from '#domain/graph/graph.ts';
import { nodeTitle } from '#domain/graph/graph.ts';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { Select } from '#ui/select.tsx';
import { useEditor, useLayout } from '../editor-context.ts';
import { CodeMirror } from '../inspector/code-mirror.tsx';
import { blankPayload, lastPayload, rememberPayload } from './payload.ts';

export type Payload = NonNullable<InputOf<'workflows', 'execute'>['payload']>;

interface RunFormProps {
  triggers: () => readonly GraphNode[];
  onRun: (trigger: string, payload: Payload) => void;
}

/** Asks what the trigger is to hand on; the last answer is remembered. */
export function RunForm(props: RunFormProps) {
  const { layout } = useEditor();
  const open = useLayout((state) => state.runForm);
  if (!open) return null;
  return <OpenForm {...props} onClose={() => layout.setState({ runForm: false })} />;
}

function OpenForm({ triggers: listTriggers, onRun, onClose }: RunFormProps & { onClose: () => void }) {
  const { slug, definitionOf } = useEditor();
  const [triggers] = useState(listTriggers);
  const [trigger, setTrigger] = useState(triggers[0]?.id ?? null);
  const textFor = (node: GraphNode | undefined): string =>
    lastPayload(slug, node?.id ?? '') ?? blankPayload(definitionOf(node?.type ?? '')?.trigger);
  const [text, setText] = useState(() => textFor(triggers[0]));
  const payload = objectIn(text);
  const run = (): void => {
    if (!payload || trigger === null) return;
    rememberPayload(slug, trigger, text);
    onClose();
    onRun(trigger, payload);
  };
  const choose = (id: string): void => {
    setTrigger(id);
    setText(textFor(triggers.find((node) => node.id === id)));
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title="Run with input"
      description="The object the trigger hands on. A webhook brings body, query, headers and method."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" disabled={!payload || trigger === null} onClick={run}>
            Run
          </Button>
        </>
      }
    >
      <div
        className="flex flex-col gap-4"
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          event.stopPropagation();
          run();
        }}
      >
        {triggers.length > 1 ? (
          <Select
            ariaLabel="Trigger"
            items={triggers.map((node) => ({ value: node.id, label: nodeTitle(node) }))}
            value={trigger}
            onValueChange={choose}
          />
        ) : null}
        <CodeMirror mode="json" label="Payload" value={text} onChange={setText} invalid={!payload} />
        {payload ? null : (
          <p className="text-xs text-danger-text">Write a JSON object, such as {'{ "name": "Ada" }'}.</p>
        )}
      </div>
    </Dialog>
  );
}

function objectIn(text: string): Payload | null {
  try {
    const value: unknown = JSON.parse(text.trim() === '' ? '{}' : text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Payload) : null;
  } catch {
    return null;
  }
}
