import { z } from 'zod';
import type { Message } from '../chat/message.ts';
import type { Capabilities } from '../node/executor.ts';
import type { Parts } from '../node/part.ts';
import { cutMiddle } from './cut.ts';
import { newest } from './group.ts';
import { memoryFields } from './memory-part.ts';

/** Which conversation an agent remembers, and how much of it. */
interface Remembered {
  readonly name: string;
  readonly window: number;
}

const USUAL_WINDOW = 200;
/** Characters of a tool's result that are remembered. */
const LONGEST_RESULT = 4_000;

const memoryConfig = z.object(memoryFields);

/** @returns null for an agent that remembers nothing */
export function rememberedBy(
  parts: Parts,
  { hasMemory, node }: { readonly hasMemory: boolean; readonly node: string },
): Remembered | null {
  const part = parts['memory']?.[0];
  if (!part) return hasMemory ? { name: node, window: USUAL_WINDOW } : null;
  const config = memoryConfig.catch({ window: USUAL_WINDOW, name: '' }).parse(part.config);
  return { name: config.name === '' ? part.id : config.name, window: config.window };
}

export async function recall(remembered: Remembered | null, capabilities: Capabilities): Promise<Message[]> {
  if (!remembered) return [];
  return newest(await capabilities.conversation({ name: remembered.name }), remembered.window);
}

export async function keep(
  remembered: Remembered | null,
  messages: readonly Message[],
  capabilities: Capabilities,
): Promise<void> {
  if (!remembered) return;
  const shorter = messages.map((one) =>
    one.role === 'tool' ? { ...one, content: cutMiddle(one.content, LONGEST_RESULT) } : one,
  );
  await capabilities.keepConversation({ name: remembered.name }, newest(shorter, remembered.window));
}
