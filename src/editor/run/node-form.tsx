'use client';

import { useState } from 'react';
import { type GraphNode, nodeTitle } from '#domain/graph/graph.ts';
import { isSlotType } from '#domain/graph/port-type.ts';
import { portsOf } from '#domain/node/definition.ts';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { useDocument, useEditor, useLayout } from '../editor-context.ts';
import { CodeMirror } from '../inspector/code-mirror.tsx';
import { useStoredRun } from '../inspector/node-data.tsx';
import { type Inputs, inputsIn } from './debug-run.ts';
import type { RunControl } from './use-run-control.ts';

/** Asks what is to arrive at one node, which then runs alone. */
export function NodeForm({ onRun }: { onRun: RunControl['runNodeWith'] }) {
  const { layout } = useEditor();
  const id = useLayout((state) => state.nodeForm);
  const node = useDocument((doc) => (id === null ? undefined : doc.nodes.get(id)));
  if (!node) return null;
  return <OpenForm key={node.id} node={node} onRun={onRun} onClose={() => layout.setState({ nodeForm: null })} />;
}

interface OpenFormProps {
  node: GraphNode;
  onRun: RunControl['runNodeWith'];
  onClose: () => void;
}

function OpenForm({ node, onRun, onClose }: OpenFormProps) {
  const { definitionOf } = useEditor();
  const stored = useStoredRun();
  const [text, setText] = useState(() => {
    const known = inputsIn(stored.data?.logs ?? [], node.id);
    const ports = portsOf(node, definitionOf).inputs.filter((port) => !isSlotType(port.type) && !port.loop);
    const blank = Object.fromEntries(ports.map((port) => [port.name, null]));
    return JSON.stringify(known ?? blank, null, 2);
  });
  const inputs = recordIn(text);
  const run = (): void => {
    if (!inputs) return;
    onClose();
    onRun(node.id, inputs);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={`Run ${nodeTitle(node)} with input`}
      description="What is to arrive at each input port. Nothing else runs; what it acts on outside is real."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" disabled={!inputs} onClick={run}>
            Run
          </Button>
        </>
      }
    >
      <div
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          event.stopPropagation();
          run();
        }}
      >
        <CodeMirror mode="json" label="Input" value={text} onChange={setText} invalid={!inputs} />
        {inputs ? null : (
          <p className="pt-2 text-xs text-danger-text">Write a JSON object with the names of input ports.</p>
        )}
      </div>
    </Dialog>
  );
}

function recordIn(text: string): Inputs | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Inputs) : null;
  } catch {
    return null;
  }
}
