'use client';

import { ArrowUp, Sparkles, X } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#ui/button.tsx';
import { Field } from '#ui/field.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { Spinner } from '#ui/spinner.tsx';
import { Textarea } from '#ui/textarea.tsx';
import { useDocument, useEditor, useProposal } from '../editor-context.ts';
import { ModelChoice, rememberModel, useChosenModel } from './model-choice.tsx';
import type { Proposal } from './proposal-store.ts';
import { ReviewList } from './review-list.tsx';
import { usePropose } from './use-propose.ts';
import { stepsWritten } from './written-step.ts';

/** Describes a change in words, waits for it and reviews it. */
export function ProposePanel() {
  const parts = useEditor();
  const proposal = useProposal((state) => state);
  if (!proposal) return null;
  const close = (): void => {
    if (proposal.stage === 'writing') proposal.stop();
    parts.proposal.setState(null, true);
    window.document.querySelector<HTMLElement>('[data-canvas]')?.focus({ preventScroll: true });
  };
  return (
    <section
      aria-label="Describe a change"
      data-keys="own"
      className="flex h-full min-h-0 flex-col bg-surface"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented || proposal.stage === 'review') return;
        event.stopPropagation();
        close();
      }}
    >
      <header className="flex shrink-0 items-center gap-2.5 border-b border-border px-4 py-2.5">
        <Sparkles className="size-4 shrink-0 text-accent-text" aria-hidden />
        <h2 className="min-w-0 flex-1 truncate text-base font-semibold">
          {proposal.stage === 'review' ? 'Proposed change' : 'Describe a change'}
        </h2>
        <IconButton
          label={proposal.stage === 'review' ? 'Discard the proposal' : 'Close'}
          icon={<X />}
          onClick={close}
        />
      </header>
      {proposal.stage === 'asking' ? <Asking key="asking" proposal={proposal} /> : null}
      {proposal.stage === 'writing' ? <Writing proposal={proposal} /> : null}
      {proposal.stage === 'review' ? <ReviewList review={proposal} onClose={close} /> : null}
    </section>
  );
}

const IDEAS_NEW = [
  'A chat where an agent answers questions and can do sums',
  'When a webhook arrives, sort the message into bug, question or praise, and answer',
];
const IDEAS_CHANGE = ['Give the agent a memory', 'Tell me by mail when a step fails'];

function Asking({ proposal }: { proposal: Extract<Proposal, { stage: 'asking' }> }) {
  const parts = useEditor();
  const [text, setText] = useState(proposal.prompt);
  const choosing = useChosenModel();
  const propose = usePropose(parts);
  const isEmpty = useDocument(({ nodes }) => nodes.size === 0);
  const { model } = choosing;
  const isReady = text.trim() !== '' && model !== null;
  const send = (): void => {
    if (!isReady || !model) return;
    rememberModel(model);
    void propose(text.trim(), model);
  };
  return (
    <form
      className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-4"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {proposal.problems.length > 0 ? (
        <div role="alert" className="rounded-md bg-danger-soft p-2.5 text-xs text-danger-text">
          {proposal.problems.length === 1 ? (
            proposal.problems[0]
          ) : (
            <ul className="flex list-disc flex-col gap-1 pl-4">
              {proposal.problems.map((problem) => (
                <li key={problem}>{problem}</li>
              ))}
            </ul>
          )}
        </div>
      ) : null}
      {proposal.stopped ? (
        <p role="status" className="rounded-md bg-sunken p-2.5 text-xs text-muted">
          Stopped. The model writes no further, and nothing was changed.
        </p>
      ) : null}
      <Field label={isEmpty ? 'What should the workflow do?' : 'What should change?'}>
        <Textarea
          autoFocus
          rows={5}
          maxLength={20_000}
          value={text}
          onValueChange={setText}
          placeholder={(isEmpty ? IDEAS_NEW : IDEAS_CHANGE)[0]}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            send();
          }}
        />
      </Field>
      {text === '' ? (
        <div className="flex flex-col items-start gap-1.5">
          {(isEmpty ? IDEAS_NEW : IDEAS_CHANGE).map((idea) => (
            <button
              key={idea}
              type="button"
              onClick={() => setText(idea)}
              className="rounded-md border border-border px-2.5 py-1.5 text-left text-xs text-muted hover:border-accent hover:text-text"
            >
              {idea}
            </button>
          ))}
        </div>
      ) : null}
      <ModelChoice {...choosing} />
      <p className="text-xs text-subtle">
        The model sees the workflow without accounts and passwords. Nothing changes until you accept it.
      </p>
      <Button type="submit" variant="primary" icon={<ArrowUp />} disabled={!isReady} className="self-end">
        Propose
      </Button>
    </form>
  );
}

function Writing({ proposal }: { proposal: Extract<Proposal, { stage: 'writing' }> }) {
  const steps = stepsWritten(proposal.text);
  const { turn, prompt } = proposal;
  const doing = turn > 1 ? `Correcting what did not fit (${turn} of 3)…` : 'Thinking about it…';
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto p-4">
      <p className="rounded-md bg-sunken p-2.5 text-sm break-words whitespace-pre-wrap">{prompt}</p>
      <p role="status" className="flex items-center gap-2 text-sm text-muted">
        <Spinner size="sm" />
        {steps.length === 0 || turn > 1 ? doing : 'Drawing…'}
      </p>
      <ol className="flex flex-col gap-1 text-xs text-subtle" aria-hidden>
        {steps.slice(-14).map((step, at) => (
          <li key={`${at}${step}`} className="truncate">
            {step}
          </li>
        ))}
      </ol>
      <Button className="self-end" onClick={proposal.stop}>
        Stop
      </Button>
    </div>
  );
}
