import type { Message } from '#domain/chat/message.ts';
import type { ModelRequest } from '#domain/model/model.ts';

/** What one image or file counts for, whatever its size. */
const ATTACHMENT_TOKENS = 1_600;
const MESSAGE_TOKENS = 8;
/** What providers put around every prompt, and around one with tools. */
const CALL_TOKENS = 32;
const TOOL_TOKENS = 400;

const bytesOf = (text: string): number => Buffer.byteLength(text);

/** Tokens of a text, on the safe side: most texts have four bytes and more a token. */
export const tokensOf = (text: string): number => Math.ceil(bytesOf(text) / 3);

/** Tokens of a prompt, on the safe side. */
export function promptTokens({ messages, tools, schema }: ModelRequest): number {
  const extra = { tools: tools?.map(({ read: _, ...face }) => face) ?? [], schema: schema?.schema };
  const around = CALL_TOKENS + (extra.tools.length > 0 ? TOOL_TOKENS : 0);
  const faces = tokensOf(JSON.stringify(extra));
  return messages.reduce((sum, message) => sum + messageTokens(message), around + faces);
}

function messageTokens(message: Message): number {
  const { content } = message;
  const native =
    message.role === 'assistant' && message.native ? tokensOf(JSON.stringify(message.native)) : 0;
  const own = message.role === 'assistant' ? tokensOf(JSON.stringify(message.tool_calls ?? '')) : 0;
  const calls = own + native;
  if (typeof content === 'string') return tokensOf(content) + calls + MESSAGE_TOKENS;
  const parts = content.map((part) => (part.type === 'text' ? tokensOf(part.text) : ATTACHMENT_TOKENS));
  return parts.reduce((sum, one) => sum + one, MESSAGE_TOKENS);
}
