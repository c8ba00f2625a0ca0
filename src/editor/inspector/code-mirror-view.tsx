'use client';

import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { json } from '@codemirror/lang-json';
import { python } from '@codemirror/lang-python';
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorState, type Extension } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  EditorView,
  keymap,
  lineNumbers,
  MatchDecorator,
  placeholder,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'react';
import { type CodeFieldProps, frameOf, isCode } from './code-frame.ts';
import type { Suggestion } from './suggestion.ts';

const highlight = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword], color: 'var(--code-literal)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--code-string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--code-number)' },
  { tag: [tags.propertyName, tags.function(tags.variableName)], color: 'var(--code-key)' },
  { tag: tags.comment, color: 'var(--text-subtle)', fontStyle: 'italic' },
]);

const theme = EditorView.theme({
  '&': { fontSize: '12.5px', backgroundColor: 'transparent', color: 'var(--text)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-content': {
    fontFamily: 'var(--font-mono)',
    padding: '6px 0',
    caretColor: 'var(--text)',
    minHeight: '20px',
  },
  '.cm-line': { padding: '0 10px' },
  '.cm-scroller': { lineHeight: '1.55', maxHeight: '360px' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--text-subtle)', border: 'none' },
  '.cm-placeholder': { color: 'var(--text-subtle)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-reference': {
    color: 'var(--accent-text)',
    backgroundColor: 'var(--accent-soft)',
    borderRadius: '3px',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--raised)',
    border: '1px solid var(--border)',
    borderRadius: '8px',
    overflow: 'hidden',
    boxShadow: 'var(--shadow-raised)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--font-mono)',
    fontSize: '12px',
    maxHeight: '240px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    padding: '4px 10px !important',
    display: 'flex',
    gap: '12px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--selected) !important',
    color: 'var(--text) !important',
  },
  '.cm-completionDetail': {
    marginLeft: 'auto !important',
    color: 'var(--text-subtle)',
    fontStyle: 'normal !important',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > completion-section': {
    fontFamily: 'var(--font-sans)',
    padding: '6px 10px 2px !important',
    color: 'var(--text-subtle)',
    fontSize: '11px',
    opacity: 1,
    borderBottom: 'none !important',
  },
});

/** References stand out from the text around them. */
const references = ViewPlugin.fromClass(
  class {
    private readonly matcher = new MatchDecorator({
      regexp: /\{\{[^{}]*\}\}/g,
      decoration: Decoration.mark({ class: 'cm-reference' }),
    });
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = this.matcher.createDeco(view);
    }
    update(update: ViewUpdate): void {
      this.decorations = this.matcher.updateDeco(update, this.decorations);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

/** Offers paths inside `{{ … }}`; what is typed after the braces narrows them. */
function complete(context: CompletionContext, suggestions: readonly Suggestion[]): CompletionResult | null {
  const before = context.matchBefore(/\{\{[^{}]*$/);
  const open = before ?? (context.explicit ? { from: context.pos, text: '{{ ' } : null);
  if (!open) return null;
  const word = /[\p{L}\p{N}_.[\]"-]*$/u.exec(before ? before.text : '')?.[0] ?? '';
  const closed = /^\s*\}\}/.test(context.state.sliceDoc(context.pos, context.pos + 20));
  return {
    from: context.pos - word.length,
    validFor: /^[\p{L}\p{N}_.[\]"-]*$/u,
    options: suggestions.map(({ path, detail, from }) => ({
      label: path,
      detail,
      section: from,
      apply: (view, _completion, start, end) => {
        const head = before
          ? view.state.sliceDoc(Math.max(0, start - 2), start).endsWith('{{')
            ? ' '
            : ''
          : '{{ ';
        const insert = `${head}${path}${closed ? '' : ' }}'}`;
        view.dispatch({
          changes: { from: start, to: end, insert },
          selection: { anchor: start + insert.length },
        });
      },
    })),
  };
}

const LANGUAGES = { javascript, python, json } as const;

function extensionsOf(props: CodeFieldProps, live: { current: CodeFieldProps }): Extension[] {
  const templated = !isCode(props.mode);
  return [
    history(),
    keymap.of([
      ...completionKeymap,
      ...(props.singleLine ? [{ key: 'Enter', run: () => true }] : []),
      ...defaultKeymap,
      ...historyKeymap,
    ]),
    syntaxHighlighting(highlight),
    theme,
    EditorView.contentAttributes.of({
      'aria-label': props.label,
      ...(props.invalid && { 'aria-invalid': 'true' }),
    }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) live.current.onChange(update.state.doc.toString());
    }),
    ...(props.placeholder ? [placeholder(props.placeholder)] : []),
    ...(props.mode === 'template' ? [] : [LANGUAGES[props.mode](), bracketMatching()]),
    ...(isCode(props.mode) ? [lineNumbers()] : []),
    ...(props.singleLine ? [oneLine] : [EditorView.lineWrapping]),
    ...(templated ? [references] : []),
    autocompletion({
      override: templated ? [(context) => complete(context, live.current.suggestions?.() ?? [])] : null,
      icons: false,
    }),
  ];
}

/** Line breaks that are pasted become spaces. */
const oneLine = EditorState.transactionFilter.of((transaction) =>
  transaction.newDoc.lines > 1
    ? [
        transaction,
        {
          changes: {
            from: 0,
            to: transaction.newDoc.length,
            insert: transaction.newDoc.toString().replace(/\s*\n\s*/g, ' '),
          },
          sequential: true,
        },
      ]
    : transaction,
);

/** A CodeMirror 6 field: a template with suggestions, source code, or JSON. */
export function CodeMirrorView(props: CodeFieldProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const live = useRef(props);
  live.current = props;
  const { mode, label, singleLine, placeholder: hint } = props;

  useEffect(() => {
    if (!host.current) return;
    const made = new EditorView({
      parent: host.current,
      state: EditorState.create({ doc: live.current.value, extensions: extensionsOf(live.current, live) }),
    });
    view.current = made;
    return () => made.destroy();
  }, [mode, label, singleLine, hint]);

  useEffect(() => {
    const current = view.current;
    // Undo, another node or another person changed the text; one's own typing is there already.
    const text = current?.state.doc.toString();
    if (!current || text === undefined || text === props.value || live.current.sameAs?.(text)) return;
    current.dispatch({ changes: { from: 0, to: current.state.doc.length, insert: props.value } });
  }, [props.value]);

  return <div ref={host} data-keys="own" className={frameOf(props)} />;
}
