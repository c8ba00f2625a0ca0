'use client';

import { memo, type ReactNode } from 'react';
import ReactMarkdown, { type Components, defaultUrlTransform } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { cn } from '#ui/class-name.ts';
import { CodeBlock } from '#ui/code-block.tsx';
import { blocksOf, hasDefinitions, shapeOf } from './markdown-block.ts';

const PLUGINS = [remarkGfm];

interface Nodes {
  readonly children?: readonly { readonly type: string; readonly value?: string }[];
}

/** The text of a code element, which markdown keeps as plain text. */
const plain = (node: Nodes | undefined): string =>
  (node?.children ?? []).map((child) => (child.type === 'text' ? (child.value ?? '') : '')).join('');

/** Pictures of an answer would tell strangers who reads it, so they are offered as links. */
const COMPONENTS: Components = {
  a: ({ href, children }) => <SafeLink address={href}>{children}</SafeLink>,
  img: ({ src, alt }) => (
    <SafeLink address={typeof src === 'string' ? src : undefined}>{alt || 'Picture'}</SafeLink>
  ),
  pre: ({ node }) => {
    const code = node?.children.find((child) => child.type === 'element');
    const names = code?.properties['className'];
    const language = Array.isArray(names) ? String(names[0] ?? '').replace(/^language-/, '') : '';
    const text = plain(code).replace(/\n$/, '');
    return <Code code={text} language={language || 'text'} />;
  },
  code: ({ children }) => (
    <code className="rounded-sm bg-active px-1 py-px font-mono text-[0.92em] break-words">{children}</code>
  ),
  table: ({ children }) => <Table>{children}</Table>,
  th: ({ children, style }) => (
    <th className="border-b bg-sunken px-2.5 py-1.5 font-medium" style={style}>
      {children}
    </th>
  ),
  td: ({ children, style }) => (
    <td className="min-w-16 border-b px-2.5 py-1.5 align-top" style={style}>
      {children}
    </td>
  ),
  h1: ({ children }) => <h4 className="pt-2 text-lg">{children}</h4>,
  h2: ({ children }) => <h4 className="pt-2 text-base">{children}</h4>,
  h3: ({ children }) => <h5 className="pt-1 text-base font-semibold">{children}</h5>,
  h4: ({ children }) => <h5 className="pt-1 font-semibold">{children}</h5>,
  hr: () => <hr className="my-3" />,
  blockquote: ({ children }) => (
    <blockquote className="my-2 border-l-2 border-strong pl-3 text-muted">{children}</blockquote>
  ),
};

function Code({ code, language }: { code: string; language: string }) {
  return <CodeBlock code={code} language={language} maxHeight="24rem" className="my-2" />;
}

function Table({ children }: { children: ReactNode }) {
  return (
    <div className="my-2 overflow-x-auto rounded-md border" tabIndex={0} role="group" aria-label="Table">
      <table className="w-full border-collapse text-left text-sm">{children}</table>
    </div>
  );
}

/** An address that may not be opened is no link at all. */
function SafeLink({ address, children }: { address: string | undefined; children: ReactNode }) {
  if (!address) return <span>{children}</span>;
  return (
    <a
      href={address}
      target="_blank"
      rel="noopener noreferrer nofollow ugc"
      className="text-link underline decoration-from-font underline-offset-2 hover:decoration-2"
    >
      {children}
    </a>
  );
}

/** Addresses that pages may be opened with; everything else, such as `javascript:`, leads nowhere. */
function safeAddress(address: string): string {
  return /^(?:https?:|mailto:|tel:|#|\/(?!\/))/i.test(address) ? defaultUrlTransform(address) : '';
}

type Part = 'whole' | 'items' | 'head' | 'rows';

interface Tree {
  children: readonly Tree[];
  readonly tagName?: string;
}

/** The children of the only element of a kind: parts are shown within a frame that is there already. */
const inside =
  (...names: readonly string[]) =>
  () =>
  (tree: Tree): void => {
    const found = tree.children.find((one) => one.tagName !== undefined && names.includes(one.tagName));
    if (found) tree.children = found.children;
  };

const UNWRAP: Readonly<Record<Part, readonly ReturnType<typeof inside>[]>> = {
  whole: [],
  items: [inside('ul', 'ol')],
  head: [inside('table')],
  rows: [inside('table'), inside('tbody')],
};

const KEPT = 400;
const drawn = new Map<string, ReactNode>();

/** What stays as it is is read once, also when it moves from the answer being written to those that are finished. */
function draw(text: string, part: Part, growing: boolean): ReactNode {
  const key = `${part} ${text}`;
  const known = drawn.get(key);
  if (known !== undefined) return known;
  const tree = ReactMarkdown({
    remarkPlugins: PLUGINS,
    rehypePlugins: [...UNWRAP[part]],
    components: COMPONENTS,
    urlTransform: safeAddress,
    children: text,
  });
  if (growing) return tree;
  drawn.set(key, tree);
  const [oldest] = drawn.keys();
  if (drawn.size > KEPT && oldest !== undefined) drawn.delete(oldest);
  return tree;
}

const Piece = memo(function Piece({ text, part, growing }: { text: string; part: Part; growing: boolean }) {
  return draw(text, part, growing);
});

const Block = memo(function Block({ text, growing }: { text: string; growing: boolean }) {
  const shape = shapeOf(text);
  if (shape.kind === 'code') return <Code code={shape.code} language={shape.language} />;
  if (shape.kind === 'plain') return <Piece text={text} part="whole" growing={growing} />;
  const part = shape.kind === 'list' ? 'items' : 'rows';
  const pieces = shape.parts.map((one, at) => (
    <Piece key={at} text={one} part={part} growing={growing && at === shape.parts.length - 1} />
  ));
  if (shape.kind === 'list') {
    return shape.start === null ? <ul>{pieces}</ul> : <ol start={shape.start}>{pieces}</ol>;
  }
  return (
    <Table>
      <Piece text={shape.head} part="head" growing={false} />
      <tbody>{pieces}</tbody>
    </Table>
  );
});

export interface MarkdownProps {
  text: string;
  /** More is coming: shows a caret. */
  streaming?: boolean | undefined;
  className?: string | undefined;
}

/** Markdown of an answer. HTML in it is shown as the text it is. Only the part that grows is read again. */
export function Markdown({ text, streaming = false, className }: MarkdownProps) {
  const blocks = !streaming && hasDefinitions(text) ? [text] : blocksOf(text);
  return (
    <div className={cn('prose-chat', streaming && 'is-streaming', className)}>
      {blocks.map((block, at) => (
        <Block key={at} text={block} growing={streaming && at === blocks.length - 1} />
      ))}
    </div>
  );
}
