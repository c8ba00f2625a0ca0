import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4Content,
  LanguageModelV4FinishReason,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
} from '@ai-sdk/provider';
import { parseBounded } from '#domain/bounded-json.ts';
import type { ToolCall } from '#domain/chat/message.ts';
import type { ModelDelta } from '#domain/model/model.ts';
import { ContentList } from './native-answer.ts';

/** What came of one call. Filled as it arrives, so that it tells what was received when the call breaks off. */
export interface RawAnswer {
  text: string;
  reasoning: string;
  /** Those that are to be made here; what the provider has done by itself is in `content` only. */
  readonly toolCalls: ToolCall[];
  /** The whole of it, as the provider gave it. */
  content: readonly LanguageModelV4Content[];
  finish: LanguageModelV4FinishReason | null;
  usage: LanguageModelV4Usage | null;
  /** Anything of the answer has arrived. */
  began: boolean;
}

export const emptyAnswer = (): RawAnswer => ({
  text: '',
  reasoning: '',
  toolCalls: [],
  content: [],
  finish: null,
  usage: null,
  began: false,
});

/** The answer broke off before its end. */
export class BrokenAnswer extends Error {}

/** Asks for the answer as a whole. */
export async function askWhole(
  model: LanguageModelV4,
  options: LanguageModelV4CallOptions,
  answer: RawAnswer,
): Promise<void> {
  const { content, finishReason, usage } = await model.doGenerate(options);
  for (const part of content) take(part, answer);
  answer.content = content;
  answer.began = true;
  answer.finish = finishReason;
  answer.usage = usage;
}

/** Asks for the answer piece by piece. @throws BrokenAnswer where it ends before its end */
export async function askStream(
  model: LanguageModelV4,
  options: LanguageModelV4CallOptions,
  { answer, onDelta }: { readonly answer: RawAnswer; readonly onDelta: (delta: ModelDelta) => void },
): Promise<void> {
  const { stream } = await model.doStream(options);
  const reader = stream.getReader();
  const list = new ContentList();
  answer.content = list.parts;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      list.take(next.value);
      takePiece(next.value, answer, onDelta);
    }
  } finally {
    // Whatever still comes after an error is not waited for.
    reader.cancel().catch(() => undefined);
  }
  if (isOpen(answer.finish)) throw new BrokenAnswer('The stream ended without an end.');
}

/** Not every wire has a word for a good end; what has none at all broke off. */
const isOpen = (finish: LanguageModelV4FinishReason | null): boolean =>
  finish === null || (finish.raw === undefined && finish.unified === 'other');

function takePiece(
  part: LanguageModelV4StreamPart,
  answer: RawAnswer,
  onDelta: (delta: ModelDelta) => void,
): void {
  switch (part.type) {
    case 'text-delta':
      answer.began = true;
      answer.text += part.delta;
      onDelta({ kind: 'text', text: part.delta });
      break;
    case 'reasoning-delta':
      answer.began = true;
      answer.reasoning += part.delta;
      onDelta({ kind: 'reasoning', text: part.delta });
      break;
    case 'tool-input-start':
      answer.began = true;
      break;
    case 'tool-call':
      take(part, answer);
      break;
    case 'finish':
      answer.finish = part.finishReason;
      answer.usage = part.usage;
      break;
    case 'error':
      throw part.error;
    default:
      // What is said about the stream itself, and what no request of ours asks for.
      break;
  }
}

function take(part: LanguageModelV4Content, answer: RawAnswer): void {
  if (part.type === 'text') answer.text += part.text;
  if (part.type === 'reasoning') answer.reasoning += part.text;
  if (part.type !== 'tool-call' || part.providerExecuted === true) return;
  answer.toolCalls.push({ id: part.toolCallId, name: part.toolName, arguments: argumentsOf(part.input) });
}

/** Models write anything; what is no JSON object stays the text it is. */
function argumentsOf(input: string): ToolCall['arguments'] {
  if (input.trim() === '') return {};
  try {
    const read = parseBounded(input);
    if (typeof read === 'object' && read !== null && !Array.isArray(read))
      return read as ToolCall['arguments'];
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return input;
}
