import { Fragment, type ReactNode } from 'react';

/** The small part of Markdown node types use in their docs: paragraphs, lists, bold, emphasis and code. */
export function Docs({ text }: { text: string }) {
  return <div className="flex flex-col gap-2.5 text-sm text-muted">{blocksOf(text).map(renderBlock)}</div>;
}

type Block =
  | { readonly kind: 'text' | 'list'; readonly lines: string[] }
  | { readonly kind: 'code'; readonly lines: string[] };

function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let fenced = false;
  for (const line of text.trim().split('\n')) {
    if (line.startsWith('```')) {
      fenced = !fenced;
      if (fenced) blocks.push({ kind: 'code', lines: [] });
      else blocks.push({ kind: 'text', lines: [] });
    } else if (fenced) blocks.at(-1)?.lines.push(line);
    else addLine(blocks, line);
  }
  return blocks.filter((block) => block.lines.length > 0);
}

function addLine(blocks: Block[], line: string): void {
  const last = blocks.at(-1);
  const item = /^\s*[-*] (.*)$/.exec(line);
  if (line.trim() === '') blocks.push({ kind: 'text', lines: [] });
  else if (item) {
    if (last?.kind === 'list') last.lines.push(item[1] ?? '');
    else blocks.push({ kind: 'list', lines: [item[1] ?? ''] });
  } else if (last?.kind === 'list') last.lines[last.lines.length - 1] += ` ${line.trim()}`;
  else if (last?.kind === 'text') last.lines.push(line);
  else blocks.push({ kind: 'text', lines: [line] });
}

function renderBlock(block: Block, index: number): ReactNode {
  if (block.kind === 'code') {
    return (
      <pre
        key={index}
        className="overflow-x-auto rounded-md border border-border bg-sunken p-2.5 font-mono text-xs text-text"
      >
        {block.lines.join('\n')}
      </pre>
    );
  }
  if (block.kind === 'list') {
    return (
      <ul key={index} className="flex list-disc flex-col gap-1 pl-4">
        {block.lines.map((line, at) => (
          <li key={at}>{inline(line)}</li>
        ))}
      </ul>
    );
  }
  return <p key={index}>{inline(block.lines.join(' '))}</p>;
}

const MARK = /(`[^`]+`|\*\*[^*]+\*\*|\*[^*]+\*)/;

function inline(text: string): ReactNode {
  return text.split(MARK).map((part, at) => {
    if (part.startsWith('`')) {
      return (
        <code key={at} className="rounded-sm bg-sunken px-1 font-mono text-xs break-words text-text">
          {part.slice(1, -1)}
        </code>
      );
    }
    if (part.startsWith('**')) {
      return (
        <strong key={at} className="font-medium text-text">
          {part.slice(2, -2)}
        </strong>
      );
    }
    return part.startsWith('*') && part.length > 2 ? (
      <em key={at}>{part.slice(1, -1)}</em>
    ) : (
      <Fragment key={at}>{part}</Fragment>
    );
  });
}
