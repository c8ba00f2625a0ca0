'use client';

import { lazy, Suspense } from 'react';
import { cn } from '#ui/class-name.ts';
import { type CodeFieldProps, frameOf, isCode } from './code-frame.ts';

export const loadCodeMirror = () => import('./code-mirror-view.tsx');

const View = lazy(() => loadCodeMirror().then((module) => ({ default: module.CodeMirrorView })));

/** A CodeMirror 6 field: a template with suggestions, source code, or JSON. Its editor is fetched with the first of them. */
export function CodeMirror(props: CodeFieldProps) {
  return (
    <Suspense fallback={<PlainText {...props} />}>
      <View {...props} />
    </Suspense>
  );
}

/** The text where the editor will show it, so that nothing moves when it comes. */
function PlainText(props: CodeFieldProps) {
  const { mode, value, placeholder, singleLine } = props;
  const lines = value === '' ? 1 : value.split('\n').length;
  return (
    <div className={frameOf(props)} aria-busy aria-label={props.label}>
      <pre
        className={cn(
          'cm-content max-h-90 overflow-hidden py-1.5 font-mono text-[12.5px] leading-[1.55]',
          singleLine ? 'whitespace-pre' : 'break-words whitespace-pre-wrap',
        )}
      >
        {isCode(mode) ? (
          <span aria-hidden className="float-left pr-0.75 pl-1.25 text-right text-subtle select-none">
            {Array.from({ length: lines }, (_, at) => at + 1).join('\n')}
          </span>
        ) : null}
        <span className={cn('block px-2.5', value === '' && 'text-subtle')}>
          {value || placeholder || ' '}
        </span>
      </pre>
    </div>
  );
}
