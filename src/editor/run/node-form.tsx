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

/** Asks what is to arrive at one node, which then runs alone, or from which the shown run is retried. */
export function NodeForm({ control }: { control: RunControl }) {
  const { layout } = useEditor();
  const wanted = useLayout((state) => state.nodeForm);
  const node = useDocument((doc) => (wanted ? doc.nodes.get(wanted.node) : undefined));
  if (!node || !wanted) return null;
  return (
    <OpenForm
      key={node.id}
      node={node}
      retry={wanted.retry}
      onRun={wanted.retry ? control.retryFrom : control.runNodeWith}
      onClose={() => layout.setState({ nodeForm: null })}
    />
  );
}

const RUN_HINT =
  'What is to arrive at each input port. Nothing else runs; what the node does outside is real.';
const RETRY_HINT =
  'What is to arrive at each input port. Earlier results are taken over; everything behind runs again.';

interface OpenFormProps {
  node: GraphNode;
  retry: boolean;
  onRun: RunControl['runNodeWith'];
  onClose: () => void;
}

function OpenForm({ node, retry, onRun, onClose }: OpenFormProps) {
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
      title={`${retry ? 'Retry from' : 'Run'} ${nodeTitle(node)} with input`}
      description={retry ? RETRY_HINT : RUN_HINT}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" disabled={!inputs} onClick={run}>
            {retry ? 'Retry' : 'Run'}
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
