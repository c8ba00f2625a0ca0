import type { SlotType } from '#domain/graph/port-type.ts';
import type { Usage } from '#domain/model/model.ts';
import type { Capabilities } from '#domain/node/executor.ts';
import { failureOf } from '#domain/run/execute-step.ts';
import type { PlannedPart, PlannedParts } from '#domain/run/planned-part.ts';
import type { StepPlace } from './interface.ts';

interface Lamp {
  readonly place: StepPlace;
  readonly now: () => number;
  readonly tell: (type: 'node_status', data: Record<string, unknown>) => void;
}

interface Use<T> {
  /** Tells the uses of a step apart. */
  readonly key: string;
  readonly name: string;
  /** What came of it, in short. */
  readonly words?: (result: T) => string;
}

/** Shows a part as running while the work goes on, and how it ended; without a part the work is just done. */
export type Light = <T>(part: PlannedPart | null, use: Use<T>, work: () => Promise<T>) => Promise<T>;

/** The part in a slot of this kind; there is one at most of those that are looked for here. */
export const partIn = (plugged: PlannedParts, slot: SlotType): PlannedPart | null =>
  partsIn(plugged).find((part) => part.slot === slot) ?? null;

export const partById = (plugged: PlannedParts, id: string): PlannedPart | null =>
  partsIn(plugged).find(({ node }) => node.id === id) ?? null;

const partsIn = (plugged: PlannedParts): readonly PlannedPart[] => Object.values(plugged).flat();

/**
 * Tells of uses of parts as `node_status` with `is_part_call`, beside `parent_node_id` as calls of tools have it.
 * Nothing is kept of them but these events.
 */
export function createLight({ place, now, tell }: Lamp): Light {
  return async (part, { key, name, words }, work) => {
    if (!part) return work();
    const startedAt = now();
    const status = (state: string, detail: Record<string, unknown>): void =>
      tell('node_status', {
        ...faceOf(part, place),
        call_name: name,
        call_key: key,
        status: state,
        ...detail,
      });
    status('running', {});
    try {
      const result = await work();
      const told = words && { output: { result: words(result) } };
      status('success', { duration_ms: now() - startedAt, ...told, ...usageIn(result) });
      return result;
    } catch (error) {
      const { message } = failureOf(error);
      status('failed', { duration_ms: now() - startedAt, error: message.slice(0, 500) });
      throw error;
    }
  };
}

const faceOf = ({ node, definition, slot }: PlannedPart, { scope, actor }: StepPlace) => ({
  node_id: node.id,
  component_type: node.type,
  display_name: definition.title,
  node_label: node.label,
  ...(scope !== '' && { scope }),
  parent_node_id: actor,
  is_part_call: true,
  part_slot: slot,
});

/** What an answer of a model took. */
function usageIn(result: unknown): Record<string, unknown> {
  const usage = (result as { readonly usage?: Usage } | null | undefined)?.usage;
  if (typeof usage?.inputTokens !== 'number') return {};
  const { inputTokens, outputTokens, costUsd, calls } = usage;
  const token_usage = {
    ...{ input_tokens: inputTokens, output_tokens: outputTokens, total_tokens: inputTokens + outputTokens },
    ...{ cost_usd: costUsd, llm_calls: calls },
  };
  return { token_usage };
}

type Memory = Pick<Capabilities, 'conversation' | 'keepConversation'>;

/** The memory of a conversation, with its part lighting up. */
export function litMemory(
  light: Light,
  { conversation, keepConversation }: Memory,
  plugged: PlannedParts,
): Memory {
  const part = partIn(plugged, 'memory');
  if (!part) return { conversation, keepConversation };
  const count = (messages: readonly unknown[]): string =>
    `${messages.length} message${messages.length === 1 ? '' : 's'}`;
  return {
    conversation: (place) =>
      light(part, { key: 'recall', name: 'recall', words: count }, () => conversation(place)),
    keepConversation: (place, messages) =>
      light(part, { key: 'remember', name: 'remember', words: () => `${count(messages)} kept` }, () =>
        keepConversation(place, messages),
      ),
  };
}
