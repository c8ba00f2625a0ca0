import type { LanguageModelV4Message, LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { Message, ToolCall } from '#domain/chat/message.ts';
import type { Egress } from '#server/egress/client.ts';
import { type AttachmentRoom, attachment, attachmentRoom } from './attachment.ts';
import { partsAgain } from './native-answer.ts';

/** Messages in the form the SDK takes. @throws StepError, EgressError for attachments that cannot be read */
export async function promptOf(
  messages: readonly Message[],
  { provider, egress, signal }: Asked,
): Promise<LanguageModelV4Prompt> {
  const prompt: LanguageModelV4Prompt = [];
  const attaching = { provider, egress, signal, room: attachmentRoom() };
  for (const message of messages) {
    const next = await converted(message, attaching);
    const last = prompt.at(-1);
    // The answers to several calls of one turn belong together.
    if (next.role === 'tool' && last?.role === 'tool') last.content.push(...next.content);
    else prompt.push(next);
  }
  return prompt;
}

interface Asked {
  /** Its kind; what others have sealed is left out. */
  readonly provider: string;
  readonly egress: Egress;
  readonly signal: AbortSignal;
}

interface Attaching extends Asked {
  readonly room: AttachmentRoom;
}

async function converted(message: Message, attaching: Attaching): Promise<LanguageModelV4Message> {
  switch (message.role) {
    case 'system':
      return { role: 'system', content: message.content };
    case 'user': {
      const { content } = message;
      const parts = typeof content === 'string' ? [{ type: 'text', text: content } as const] : content;
      const read = [];
      // One after the other: together they could take more memory than there is.
      for (const part of parts) read.push(part.type === 'text' ? part : await attachment(part, attaching));
      return { role: 'user', content: read };
    }
    case 'assistant': {
      const again = partsAgain(message.native, attaching.provider);
      if (again) return { role: 'assistant', content: again };
      const calls = (message.tool_calls ?? []).map(callPart);
      const text = message.content === '' ? [] : [{ type: 'text', text: message.content } as const];
      return { role: 'assistant', content: [...text, ...calls] };
    }
    case 'tool': {
      const { content, tool_call_id: toolCallId, name: toolName } = message;
      const output = { type: 'text', value: content } as const;
      return { role: 'tool', content: [{ type: 'tool-result', toolCallId, toolName, output }] };
    }
  }
}

/** Providers take objects only; what was none is shown to the model under a name of its own. */
const callPart = ({ id, name, arguments: args }: ToolCall) => ({
  type: 'tool-call' as const,
  toolCallId: id,
  toolName: name,
  input: typeof args === 'string' ? { unreadable: args } : args,
});
