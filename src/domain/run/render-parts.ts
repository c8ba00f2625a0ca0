import { nodeTitle } from '../graph/graph.ts';
import { NO_PARTS, type Part, type Parts } from '../node/part.ts';
import type { PlannedPart, PlannedParts } from './planned-part.ts';
import type { RenderConfig, TemplateContext } from './template-context.ts';

const PART_TIMEOUT_MS = 60_000;

/** The parts as a step sees them: the templates of their configs are filled in as its own are. */
export async function renderParts(
  planned: PlannedParts,
  context: TemplateContext,
  render: RenderConfig,
): Promise<Parts> {
  const ports = await Promise.all(
    Object.entries(planned).map(async ([port, parts]) => {
      const rendered = await Promise.all(parts.map((part) => renderPart(part, context, render)));
      return [port, rendered] as const;
    }),
  );
  return ports.length === 0 ? NO_PARTS : Object.fromEntries(ports);
}

async function renderPart(
  { node, definition, slot, isTemplated, parts }: PlannedPart,
  context: TemplateContext,
  render: RenderConfig,
): Promise<Part> {
  const config = isTemplated ? await render(node.config, context, definition.verbatim ?? []) : node.config;
  return {
    id: node.id,
    type: node.type,
    title: nodeTitle(node),
    slot,
    config,
    timeoutMs: node.settings.timeoutMs ?? definition.timeoutMs ?? PART_TIMEOUT_MS,
    parts: await renderParts(parts, context, render),
  };
}
