import type {
  LanguageModelV4Content,
  LanguageModelV4Message,
  LanguageModelV4StreamPart,
  SharedV4ProviderMetadata,
} from '@ai-sdk/provider';
import { parseBounded } from '#domain/bounded-json.ts';
import type { NativeAnswer } from '#domain/chat/native-search.ts';

type Written = Extract<LanguageModelV4Content, { type: 'text' | 'reasoning' }>;

/** Puts the pieces of a streamed answer together, in the order they began. */
export class ContentList {
  readonly parts: LanguageModelV4Content[] = [];
  private readonly open = new Map<string, Written>();

  take(part: LanguageModelV4StreamPart): void {
    switch (part.type) {
      case 'text-start':
      case 'reasoning-start':
        this.begin(part.type === 'text-start' ? 'text' : 'reasoning', part.id, part.providerMetadata);
        return;
      case 'text-delta':
      case 'reasoning-delta':
        this.add(part.id, part.delta, part.providerMetadata);
        return;
      case 'text-end':
      case 'reasoning-end':
        this.add(part.id, '', part.providerMetadata);
        return;
      case 'tool-call':
      case 'tool-result':
      case 'source':
        this.parts.push(part);
        return;
      default:
        return;
    }
  }

  private begin(type: Written['type'], id: string, metadata: SharedV4ProviderMetadata | undefined): void {
    const part: Written = { type, text: '', ...(metadata && { providerMetadata: metadata }) };
    this.open.set(id, part);
    this.parts.push(part);
  }

  private add(id: string, text: string, metadata: SharedV4ProviderMetadata | undefined): void {
    const part = this.open.get(id);
    if (!part) return;
    part.text += text;
    if (metadata) part.providerMetadata = merged(part.providerMetadata, metadata);
  }
}

function merged(
  before: SharedV4ProviderMetadata = {},
  more: SharedV4ProviderMetadata,
): SharedV4ProviderMetadata {
  const names = Object.keys({ ...before, ...more });
  return Object.fromEntries(names.map((name) => [name, { ...before[name], ...more[name] }]));
}

type AssistantPart = Extract<LanguageModelV4Message, { role: 'assistant' }>['content'][number];

/** More than this is not carried through a step. */
const LARGEST = 1_000_000;

/**
 * An answer in which the provider has called its own tools, so that it can be shown to it again; null for one that
 * words alone tell as well, or that is too large.
 */
export function nativeAnswerOf(
  provider: string,
  content: readonly LanguageModelV4Content[],
): NativeAnswer | null {
  if (!content.some((part) => part.type === 'tool-result')) return null;
  const text = JSON.stringify(content.flatMap(shownAgain));
  return text.length > LARGEST ? null : { provider, parts: JSON.parse(text) };
}

/** The parts of an answer of this provider, as they go back to it; null: it is another's, or has none. */
export function partsAgain(answer: NativeAnswer | undefined, provider: string): AssistantPart[] | null {
  return answer?.provider === provider ? (answer.parts as unknown as AssistantPart[]) : null;
}

function shownAgain(part: LanguageModelV4Content): AssistantPart[] {
  const { providerMetadata } = part as { readonly providerMetadata?: SharedV4ProviderMetadata };
  const more = providerMetadata ? { providerOptions: providerMetadata } : {};
  switch (part.type) {
    case 'text':
    case 'reasoning':
      // Nobody takes a text without letters, but thoughts may be sealed whole.
      if (part.type === 'text' && part.text.trim() === '') return [];
      return [{ type: part.type, text: part.text, ...more }];
    case 'tool-call': {
      const { toolCallId, toolName, input, providerExecuted } = part;
      const own = providerExecuted === true ? { providerExecuted } : {};
      return [{ type: 'tool-call', toolCallId, toolName, input: objectOf(input), ...own, ...more }];
    }
    case 'tool-result': {
      const { toolCallId, toolName, result, isError } = part;
      const type = isError === true ? 'error-json' : 'json';
      return [
        { type: 'tool-result', toolCallId, toolName, output: { type, value: titled(result) }, ...more },
      ];
    }
    default:
      return [];
  }
}

/** The client leaves titles out that are not there, and then wants to see them. */
const titled = (result: unknown) =>
  (Array.isArray(result) ? result.map((one) => ({ title: null, ...(one as object) })) : result) as never;

function objectOf(input: string): unknown {
  try {
    return parseBounded(input === '' ? '{}' : input);
  } catch {
    return { unreadable: input };
  }
}
