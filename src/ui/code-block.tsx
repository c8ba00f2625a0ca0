import type { ReactNode } from 'react';
import { cn } from './class-name.ts';
import { CopyButton } from './copy-button.tsx';

export interface CodeBlockProps {
  code: string;
  title?: ReactNode;
  language?: string | undefined;
  wrap?: boolean | undefined;
  /** CSS length; beyond it the text scrolls. */
  maxHeight?: string | undefined;
  copyable?: boolean | undefined;
  lineNumbers?: boolean | undefined;
  className?: string | undefined;
}

/** Text to read or copy exactly as it is. */
export function CodeBlock(props: CodeBlockProps) {
  const {
    code,
    title,
    language,
    wrap = false,
    maxHeight,
    copyable = true,
    lineNumbers = false,
    className,
  } = props;
  const headed = title !== undefined || language !== undefined;
  return (
    <div className={cn('group/code relative min-w-0 overflow-hidden rounded-lg border bg-sunken', className)}>
      {headed ? (
        <div className="flex h-9 items-center justify-between gap-2 border-b pr-1 pl-3 text-xs text-subtle">
          <span className="truncate">{title ?? language}</span>
          {copyable ? <CopyButton value={code} /> : null}
        </div>
      ) : copyable ? (
        <span className="absolute top-1 right-1 opacity-0 transition-opacity focus-within:opacity-100 group-hover/code:opacity-100 pointer-coarse:opacity-100">
          <CopyButton value={code} />
        </span>
      ) : null}
      <pre
        // Keyboard users need focus here to scroll.
        tabIndex={0}
        className={cn(
          'overflow-auto p-3 font-mono text-xs leading-5 focus-visible:-outline-offset-2',
          wrap && 'whitespace-pre-wrap break-words',
          !headed && copyable && 'pr-10',
        )}
        style={maxHeight === undefined ? undefined : { maxHeight }}
      >
        {lineNumbers ? <NumberedLines code={code} /> : <code>{code}</code>}
      </pre>
    </div>
  );
}

function NumberedLines({ code }: { code: string }) {
  return (
    <code className="grid grid-cols-[auto_1fr] gap-x-3">
      {code.split('\n').map((line, index) => (
        <span key={`${index + 1}`} className="contents">
          <span className="select-none text-right text-subtle tabular-nums">{index + 1}</span>
          <span>{line === '' ? ' ' : line}</span>
        </span>
      ))}
    </code>
  );
}
