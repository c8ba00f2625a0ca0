'use client';

import { memo, useEffect } from 'react';
import { type GraphNode, nodeTitle } from '#domain/graph/graph.ts';
import type { Problem } from '#domain/graph/validate.ts';
import type { AnyDefinition } from '#domain/node/definition.ts';
import { cn } from '#ui/class-name.ts';
import { countersIfWanted } from '../counters.ts';
import { fittingConnection } from '../document/edit.ts';
import { type CardShape, shapeOf } from '../document/geometry.ts';
import { useDocument, useDrawing, useEditor, useMarks, useProblems, useRun } from '../editor-context.ts';
import { type NodeProps, useDetail } from '../flow/flow.tsx';
import type { FlowNode } from '../flow/flow-elements.ts';
import { JOIN_WORDS } from '../join-words.ts';
import type { PartUse } from '../run/part-use.ts';
import type { CardState, StepView } from '../run/step-view.ts';
import { BodyInvite } from './body-invite.tsx';
import { CardFace, PortLabels } from './card-face.tsx';
import { itemCount, StepBar } from './card-state.tsx';
import { stepNumbers } from './graph-facts.ts';
import { JoinMark, useJoins } from './join-mark.tsx';
import { MarkChip } from './mark-chip.tsx';
import { PortMark } from './port.tsx';

/** Only these make a card draw again; where it lies on the canvas is React Flow's business. */
const sameCard = (a: NodeProps<FlowNode>, b: NodeProps<FlowNode>): boolean =>
  a.id === b.id && a.selected === b.selected && a.dragging === b.dragging;

/** A node on the canvas. Subscribes to its own node, step and problems only. */
export const Card = memo(function Card({ id, selected }: NodeProps<FlowNode>) {
  const { definitionOf, readOnly } = useEditor();
  const node = useDocument((state) => state.nodes.get(id));
  const joins = useJoins(id);
  const step = useRun((state) => state.steps[id]);
  const use = useRun((state) => state.uses[id]);
  const problems = useProblems((state) => state.byNode[id]);
  const dimmed = useDimmed(id);
  const dropTarget = useDrawing((state) => state.end !== null && state.over?.node === id && state.over.fits);
  const detail = useDetail();
  const mark = useMarks((state) => state.nodes[id]);
  useEffect(() => {
    const counters = countersIfWanted();
    if (counters) counters.cardRenders += 1;
  });
  if (!node) return null;
  const definition = definitionOf(node.type);
  const shape = shapeOf(node, definitionOf);
  const state = shownState(step, use);
  return (
    <div
      className="card relative"
      style={{ width: shape.width, height: shape.height }}
      data-card={id}
      data-state={state}
      data-dimmed={dimmed}
      data-detail={detail}
      {...(mark && { 'data-mark': mark.kind, 'data-rejected': mark.rejected })}
    >
      <CardLabel
        node={node}
        definition={definition}
        step={step}
        use={use}
        joins={joins}
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
        <StepBar step={step} />
        <CardFace
          node={node}
          definition={definition}
          step={step}
          use={use}
          problems={problems}
          detail={detail}
        />
        {detail === 'full' ? <PortLabels shape={shape} /> : null}
      </div>
      {mark ? <MarkChip node={id} title={nodeTitle(node)} mark={mark} /> : null}
      {joins && detail === 'full' ? <JoinMark join={node.settings.join} /> : null}
      {shape.inputs.map((place) => (
        <PortMark key={`i${place.port.name}`} node={id} place={place} />
      ))}
      {shape.outputs.map((place) => (
        <PortMark
          key={`o${place.port.name}`}
          node={id}
          place={place}
          quiet={place.border === 'top' && isStep(shape)}
        />
      ))}
      {readOnly || detail !== 'full'
        ? null
        : shape.outputs
            .filter((place) => place.port.loop === 'body')
            .map((place) => <BodyInvite key={place.port.name} node={id} place={place} />)}
    </div>
  );
}, sameCard);

/** Whether data flows through the card, so that it can run by itself. */
const isStep = (shape: CardShape): boolean =>
  [...shape.inputs, ...shape.outputs].some(({ border }) => border === 'left' || border === 'right');

function useDimmed(id: string): boolean {
  const { document, definitionOf } = useEditor();
  return useDrawing(({ end }) => {
    if (!end || end.node === id) return false;
    return fittingConnection(document.store.getState().graph, end, id, definitionOf) === null;
  });
}

/** What a card shows: how its own step stands or, while it is called as a part, how that goes. */
function shownState(step: StepView | undefined, use: PartUse | undefined): CardState {
  if (!use) return step?.state ?? 'idle';
  const busy = use.state === 'running' || use.state === 'waiting';
  return busy || !step || step.state === 'idle' || step.state === 'skipped' ? use.state : step.state;
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
  step: StepView | undefined;
  use: PartUse | undefined;
  joins: boolean;
  problems: number;
  shape: CardShape;
}

/** “running, 37 / 100 items, 2 failed”. */
function stepWords(step: StepView | undefined): string[] {
  if (!step || step.state === 'idle') return [];
  const count = itemCount(step);
  const failed = step.tally?.counts.failed ?? 0;
  return [step.state, ...(count === null ? [] : [count]), ...(failed > 0 ? [`${failed} failed`] : [])];
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** “2 inputs, 1 output, slots: model, tools”. */
function portWords({ inputs, outputs }: CardShape): string[] {
  const slots = inputs.filter(({ border }) => border === 'bottom').map(({ port }) => port.label ?? port.name);
  const plugs = outputs.filter(({ border }) => border === 'top').map(({ port }) => port.type);
  return [
    plural(inputs.length - slots.length, 'input'),
    plural(outputs.length - plugs.length, 'output'),
    ...(slots.length > 0 ? [`slots: ${slots.join(', ')}`] : []),
    ...(plugs.length > 0 ? [`plugs in as ${plugs.join(', ')}`] : []),
  ];
}

/** The card for people who cannot see it. */
function CardLabel({ node, definition, step, use, joins, problems, shape }: LabelProps) {
  const { definitionOf } = useEditor();
  const order = useDocument(
    (doc) => `step ${stepNumbers(doc.graph, definitionOf).get(node.id) ?? '?'} of ${doc.nodes.size}`,
  );
  const parts = [
    nodeTitle(node),
    definition?.title ?? node.type,
    order,
    ...stepWords(step),
    ...(use ? [use.state, plural(use.calls, 'call')] : []),
    ...(joins ? [`starts: ${JOIN_WORDS[node.settings.join].title}`] : []),
    ...(node.settings.pin ? ['output pinned'] : []),
    ...portWords(shape),
    ...(problems > 0 ? [plural(problems, 'problem')] : []),
  ];
  return (
    <div role="group" id={`card-${node.id}`} aria-label={parts.join(', ')} className="absolute inset-0" />
  );
}
