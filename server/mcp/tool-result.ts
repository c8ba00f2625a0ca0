import type { CallToolResult } from '@modelcontextprotocol/client';
import type { McpResult } from '#domain/mcp/request.ts';

const MOST_CHARACTERS = 100_000;

/** What a tool has answered, for a model: text as it is, structured content where there is no text. */
export function valueOf({ content, structuredContent, isError }: CallToolResult): McpResult {
  const text = content.map(textOf).join('\n');
  const value = text === '' && structuredContent !== undefined ? structuredContent : shortened(text);
  return { isError: isError === true, value };
}

function textOf(block: CallToolResult['content'][number]): string {
  switch (block.type) {
    case 'text':
      return block.text;
    case 'resource':
      return 'text' in block.resource ? block.resource.text : `[file ${block.resource.uri}]`;
    case 'resource_link':
      return `[${block.name}](${block.uri})`;
    default:
      return `[${block.type} ${block.mimeType}]`;
  }
}

function shortened(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  const left = text.length - MOST_CHARACTERS;
  return `${text.slice(0, MOST_CHARACTERS)}\n[${left} more characters were left out]`;
}
