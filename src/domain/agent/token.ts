import type { Message } from '../chat/message.ts';

const PER_MESSAGE = 4;
const PER_IMAGE = 1_000;
const PER_FILE = 2_000;
const CHARS_PER_TOKEN = 4;

/** About how many tokens a text is: four plain characters make one, and every other character is one by itself. */
export function tokensIn(text: string): number {
  let plain = 0;
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) < 128) plain += 1;
  return Math.ceil(plain / CHARS_PER_TOKEN) + (text.length - plain);
}

/** About how many tokens a message is for a model. */
export function tokensOf(message: Message): number {
  const calls = message.role === 'assistant' ? (message.tool_calls ?? []) : [];
  const asked = calls.reduce(
    (sum, call) => sum + tokensIn(call.name) + tokensIn(JSON.stringify(call.arguments)),
    0,
  );
  const native =
    message.role === 'assistant' && message.native ? tokensIn(JSON.stringify(message.native)) : 0;
  return PER_MESSAGE + asked + native + contentTokens(message.content);
}

function contentTokens(content: Message['content']): number {
  if (typeof content === 'string') return tokensIn(content);
  return content.reduce((sum, part) => {
    if (part.type === 'text') return sum + tokensIn(part.text);
    return sum + (part.type === 'image' ? PER_IMAGE : PER_FILE);
  }, 0);
}

export const totalTokens = (messages: readonly Message[]): number =>
  messages.reduce((sum, one) => sum + tokensOf(one), 0);
