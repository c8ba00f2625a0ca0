'use client';

import { memo, useEffect } from 'react';
import { type GraphNode, nodeTitle } from '#domain/graph/graph.ts';
import type { Problem } from '#domain/graph/validate.ts';
import { type AnyDefinition, readConfig } from '#domain/node/definition.ts';
import { cn } from '#ui/class-name.ts';
import { countersIfWanted } from '../counters.ts';
import { fittingConnection } from '../document/edit.ts';
import { type CardShape, shapeOf } from '../document/geometry.ts';
import { useDocument, useDrawing, useEditor, useProblems, useRun } from '../editor-context.ts';
import { type Detail, type NodeProps, useDetail } from '../flow/flow.tsx';
import type { FlowNode } from '../flow/flow-elements.ts';
import type { StepView } from '../run/step-view.ts';
import { ProblemBadge, StepBadge } from './card-state.tsx';
import { stepNumbers } from './graph-facts.ts';
import { NodeIcon } from './node-icon.tsx';
import { PortMark } from './port.tsx';

/** Only these make a card draw again; where it lies on the canvas is React Flow's business. */
const sameCard = (a: NodeProps<FlowNode>, b: NodeProps<FlowNode>): boolean =>
  a.id === b.id && a.selected === b.selected && a.dragging === b.dragging;

/** A node on the canvas. Subscribes to its own node, step and problems only. */
export const Card = memo(function Card({ id, selected }: NodeProps<FlowNode>) {
  const { definitionOf } = useEditor();
  const node = useDocument((state) => state.nodes.get(id));
  const step = useRun((state) => state.steps[id]);
  const problems = useProblems((state) => state.byNode[id]);
  const dimmed = useDimmed(id);
  const dropTarget = useDrawing((state) => state.end !== null && state.over?.node === id && state.over.fits);
  const detail = useDetail();
  useEffect(() => {
    const counters = countersIfWanted();
    if (counters) counters.cardRenders += 1;
  });
  if (!node) return null;
  const definition = definitionOf(node.type);
  const shape = shapeOf(node, definitionOf);
  const state = step?.state ?? 'idle';
  return (
    <div
      className="card relative"
      style={{ width: shape.width, height: shape.height }}
      data-card={id}
      data-state={state}
      data-dimmed={dimmed}
      data-detail={detail}
    >
      <CardLabel
        node={node}
        definition={definition}
        state={state}
        problems={problems?.length ?? 0}
        shape={shape}
      />
      <div
        className={cn(
          'card-body absolute inset-0 rounded-lg border bg-surface transition-[border-color,box-shadow]',
          borderOf(state, problems),
          selected && 'border-accent ring-2 ring-accent/35',
          dropTarget && 'border-accent bg-accent-soft ring-2 ring-accent/35',
        )}
      >
        {state === 'running' ? <span className="card-progress" aria-hidden /> : null}
        <CardFace node={node} definition={definition} step={step} problems={problems} detail={detail} />
        {detail === 'full' ? <PortLabels shape={shape} /> : null}
      </div>
      {shape.inputs.map((place) => (
        <PortMark key={`i${place.port.name}`} node={id} place={place} />
      ))}
      {shape.outputs.map((place) => (
        <PortMark key={`o${place.port.name}`} node={id} place={place} />
      ))}
    </div>
  );
}, sameCard);

function useDimmed(id: string): boolean {
  const { document, definitionOf } = useEditor();
  return useDrawing(({ end }) => {
    if (!end || end.node === id) return false;
    return fittingConnection(document.store.getState().graph, end, id, definitionOf) === null;
  });
}

const BORDERS: Readonly<Record<string, string>> = {
  queued: 'border-dotted border-status-queued',
  running: 'border-2 border-status-running',
  waiting: 'border-2 border-status-waiting',
  failed: 'border-status-failed/60',
  success: 'border-status-success/50',
  skipped: 'border-dashed border-strong',
};

function borderOf(state: string, problems: readonly Problem[] | undefined): string {
  const own = BORDERS[state];
  if (own) return own;
  if (problems?.some((one) => one.level === 'error')) return 'border-dashed border-danger/70';
  return 'border-strong/80';
}

interface LabelProps {
  node: GraphNode;
  definition: AnyDefinition | undefined;
  state: string;
  problems: number;
  shape: CardShape;
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** The card for people who cannot see it. */
function CardLabel({ node, definition, state, problems, shape }: LabelProps) {
  const { definitionOf } = useEditor();
  const order = useDocument(
    (doc) => `step ${stepNumbers(doc.graph, definitionOf).get(node.id) ?? '?'} of ${doc.nodes.size}`,
  );
  const parts = [
    nodeTitle(node),
    definition?.title ?? node.type,
    order,
    ...(state === 'idle' ? [] : [state]),
    plural(shape.inputs.length, 'input'),
    plural(shape.outputs.length, 'output'),
    ...(problems > 0 ? [plural(problems, 'problem')] : []),
  ];
  return (
    <div role="group" id={`card-${node.id}`} aria-label={parts.join(', ')} className="absolute inset-0" />
  );
}

interface FaceProps {
  node: GraphNode;
  definition: AnyDefinition | undefined;
  step: StepView | undefined;
  problems: readonly Problem[] | undefined;
  detail: Detail;
}

function CardFace({ node, definition, step, problems, detail }: FaceProps) {
  if (detail === 'box') return null;
  if (detail === 'title') {
    return (
      <div className="flex h-16 items-center gap-3 overflow-hidden px-3">
        <NodeIcon name={definition?.icon ?? 'circle-help'} className="size-9 shrink-0 text-muted" />
        <span className="truncate text-2xl font-medium">{nodeTitle(node)}</span>
      </div>
    );
  }
  return (
    <div className="flex h-16 items-center gap-2.5 px-3">
      <span
        className={cn(
          'grid size-8 shrink-0 place-items-center rounded-md border border-border bg-sunken text-muted',
          definition?.trigger && 'border-accent/30 bg-accent-soft text-accent-text',
        )}
      >
        <NodeIcon name={definition?.icon ?? 'circle-help'} className="size-4" />
      </span>
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium" title={nodeTitle(node)}>
          {nodeTitle(node)}
        </span>
        <Subtitle node={node} definition={definition} step={step} />
      </span>
      <span className="flex items-start gap-1.5 self-start pt-3">
        <ProblemBadge problems={problems} />
        {step ? <StepBadge step={step} /> : null}
      </span>
    </div>
  );
}

function Subtitle({ node, definition, step }: Pick<FaceProps, 'node' | 'definition' | 'step'>) {
  if (step?.state === 'failed' && step.error) {
    return (
      <span className="block truncate text-xs text-danger-text" title={step.error}>
        {step.error}
      </span>
    );
  }
  const own = definition?.subtitle?.(readConfig(definition, node.config));
  const text = own ?? definition?.title ?? node.type;
  if (text === '' || text === nodeTitle(node)) return null;
  return <span className="block truncate text-xs text-subtle">{text}</span>;
}

function PortLabels({ shape }: { shape: CardShape }) {
  return (
    <>
      {shape.inputs
        .filter((place) => place.labelled && !place.below)
        .map((place) => (
          <span
            key={place.port.name}
            className="absolute left-3 max-w-24 truncate text-2xs text-muted"
            style={{ top: place.y - 9 }}
          >
            {place.port.label ?? place.port.name}
            {place.port.required ? <span className="text-danger-text"> *</span> : null}
          </span>
        ))}
      {shape.outputs
        .filter((place) => place.labelled)
        .map((place) => (
          <span
            key={place.port.name}
            className="absolute right-3 max-w-28 truncate text-right text-2xs text-muted"
            style={{ top: place.y - 9 }}
          >
            {place.port.label ?? place.port.name}
          </span>
        ))}
    </>
  );
}
