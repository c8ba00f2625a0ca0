'use client';

import { type GraphNode, nodeTitle } from '#domain/graph/graph.ts';
import type { Problem } from '#domain/graph/validate.ts';
import { type AnyDefinition, readConfig } from '#domain/node/definition.ts';
import { cn } from '#ui/class-name.ts';
import type { CardShape } from '../document/geometry.ts';
import { useEditor } from '../editor-context.ts';
import type { Detail } from '../flow/flow.tsx';
import type { PartUse } from '../run/part-use.ts';
import { isEnded, promptOf, type StepView } from '../run/step-view.ts';
import { CallLine, TailOr, UsageLine, UseBadge } from './card-ai.tsx';
import { ChildLine, useChildrenOf } from './card-child.tsx';
import { PinBadge, ProblemBadge, StepBadge, untilText } from './card-state.tsx';
import { NodeIcon } from './node-icon.tsx';

interface FaceProps {
  node: GraphNode;
  definition: AnyDefinition | undefined;
  step: StepView | undefined;
  /** How it was used as a part. */
  use: PartUse | undefined;
  problems: readonly Problem[] | undefined;
  detail: Detail;
}

/** What is written on a card; less of it the smaller it is shown. */
export function CardFace({ node, definition, step, use, problems, detail }: FaceProps) {
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
        {step?.state === 'running' ? (
          <TailOr node={node.id}>
            <Subtitle node={node} definition={definition} step={step} use={use} />
          </TailOr>
        ) : (
          <Subtitle node={node} definition={definition} step={step} use={use} />
        )}
      </span>
      <span className="flex items-start gap-1.5 self-start pt-3">
        <ProblemBadge problems={problems} />
        {node.settings.pin ? <PinBadge /> : null}
        {step ? <StepBadge step={step} /> : null}
        {use ? <UseBadge use={use} /> : null}
      </span>
    </div>
  );
}

function Subtitle({ node, definition, step, use }: Pick<FaceProps, 'node' | 'definition' | 'step' | 'use'>) {
  const children = useChildrenOf(node.id);
  const news = step ? <StepLine step={step} /> : null;
  if (step && children.length > 0) return <ChildLine node={node.id} failed={step.error} />;
  if (step && hasNews(step)) return news;
  if (use?.last && (use.last.text !== '' || use.usage || use.state === 'running'))
    return <CallLine use={use} />;
  if (step?.usage && isEnded(step.state)) return <UsageLine step={step} usage={step.usage} />;
  const own = definition?.subtitle?.(readConfig(definition, node.config));
  const text = own ?? definition?.title ?? node.type;
  if (text === '' || text === nodeTitle(node)) return null;
  return <span className="block truncate text-xs text-subtle">{text}</span>;
}

const hasNews = (step: StepView): boolean =>
  promptOf(step) !== null ||
  (step.state === 'waiting' && step.until !== null) ||
  (step.tally?.counts.failed ?? 0) > 0 ||
  (step.state === 'failed' && step.error !== null);

/** The most urgent thing a step has to say, in place of the subtitle. */
function StepLine({ step }: { step: StepView }) {
  const prompt = promptOf(step);
  if (prompt !== null) return <Question prompt={prompt} />;
  if (step.state === 'waiting' && step.until !== null)
    return (
      <span className="block truncate text-xs text-warning-text">{untilText(step.until, Date.now())}</span>
    );
  const failed = step.tally?.counts.failed ?? 0;
  const text = failed > 0 ? `${failed.toLocaleString()} failed` : (step.error ?? '');
  return (
    <span className="block truncate text-xs text-danger-text" title={step.error ?? text}>
      {text}
    </span>
  );
}

function Question({ prompt }: { prompt: string }) {
  const { layout, readOnly } = useEditor();
  return (
    <span className="flex items-center gap-1.5 text-xs">
      <span className="min-w-0 truncate text-warning-text" title={prompt}>
        {prompt}
      </span>
      {readOnly ? null : (
        <button
          type="button"
          tabIndex={-1}
          onClick={(event) => {
            event.stopPropagation();
            layout.setState({ answering: true });
          }}
          className="nodrag nopan shrink-0 rounded-sm font-medium text-link hover:underline"
        >
          Answer
        </button>
      )}
    </span>
  );
}

/** The names of the ports on a card that has several. */
export function PortLabels({ shape }: { shape: CardShape }) {
  return (
    <>
      {shape.inputs
        .filter((place) => place.labelled && place.border === 'left')
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
        .filter((place) => place.labelled && place.border === 'right')
        .map((place) => (
          <span
            key={place.port.name}
            className="absolute right-3 max-w-28 truncate text-right text-2xs text-muted"
            style={{ top: place.y - 9 }}
          >
            {place.port.label ?? place.port.name}
          </span>
        ))}
      <SlotLabels shape={shape} />
    </>
  );
}

/** The names of the slots, each above its diamond. */
function SlotLabels({ shape }: { shape: CardShape }) {
  const slots = shape.inputs.filter((place) => place.border === 'bottom');
  const room = shape.width / slots.length - 4;
  return slots.map(({ port, x }) => (
    <span
      key={port.name}
      className="absolute bottom-2.5 -translate-x-1/2 truncate text-center text-2xs text-muted"
      style={{ left: x, maxWidth: room }}
      title={port.description}
    >
      {port.label ?? port.name}
      {port.required ? <span className="text-danger-text"> *</span> : null}
    </span>
  ));
}
