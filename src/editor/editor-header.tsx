'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import {
  ChevronLeft,
  Command as CommandIcon,
  PanelBottom,
  PanelLeft,
  Play,
  Plus,
  Redo2,
  Square,
  TriangleAlert,
  Undo2,
} from 'lucide-react';
import { useEffect, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { trpc } from '#client/trpc.ts';
import { Button } from '#ui/button.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { Link } from '#ui/link.tsx';
import { SplitButton } from '#ui/split-button.tsx';
import { toast } from '#ui/toast.tsx';
import { useActions } from './command/actions-context.ts';
import { useDocument, useEditor, useLayout, useProblems, useRun } from './editor-context.ts';
import { useOnlySelected } from './inspector/use-only-selected.ts';
import { RunPill } from './run/run-pill.tsx';
import { isOver } from './run/run-state.ts';
import type { RunControl } from './run/use-run-control.ts';
import type { Autosave } from './save/autosave.ts';
import { SavePill } from './save/save-pill.tsx';

interface HeaderProps {
  name: string;
  save: Autosave;
  control: RunControl;
}

/** The bar above the canvas: where one is, whether it is saved, undo, problems, Run. */
export function EditorHeader({ name, save, control }: HeaderProps) {
  const { layout } = useEditor();
  const palette = useLayout((state) => state.palette);
  return (
    <header
      data-region="header"
      className="flex h-12 shrink-0 items-center gap-1 border-b border-border bg-surface px-2 sm:gap-2 sm:px-3"
    >
      <Link
        href="/workflows"
        aria-label="All workflows"
        className="grid size-8 shrink-0 place-items-center rounded-md text-muted hover:bg-hover hover:text-text"
      >
        <ChevronLeft className="size-4" aria-hidden />
      </Link>
      <IconButton
        label={palette ? 'Hide palette' : 'Add node'}
        icon={palette ? <PanelLeft /> : <Plus />}
        pressed={palette}
        onClick={() =>
          layout.setState({
            palette: !palette,
            ...(!palette && window.innerWidth < 768 && { inspector: false }),
          })
        }
      />
      <NameField name={name} />
      <SavePill save={save} />
      <span className="flex-1" />
      <HistoryButtons />
      <ProblemCount />
      <IconButton
        label="Bottom panel"
        icon={<PanelBottom />}
        shortcut="J"
        className="max-sm:hidden"
        onClick={() => layout.setState(({ dock }) => ({ dock: dock === null ? 'run' : null }))}
      />
      <IconButton
        label="All commands"
        icon={<CommandIcon />}
        shortcut="Mod+K"
        className="max-md:hidden"
        onClick={() => layout.setState({ commands: true })}
      />
      <RunButton control={control} />
    </header>
  );
}

function NameField({ name }: { name: string }) {
  const { slug } = useEditor();
  const client = useQueryClient();
  const [text, setText] = useState(name);
  useEffect(() => setText(name), [name]);
  const update = useMutation(
    trpc.workflows.update.mutationOptions({
      onSuccess: () =>
        client.invalidateQueries({ queryKey: trpc.workflows.get.queryKey({ workflow_slug: slug }) }),
      onError: (error) => {
        setText(name);
        toast.error('The name was not changed', { description: readProblem(error).message });
      },
    }),
  );
  const commit = (): void => {
    const next = text.trim();
    if (next === '') setText(name);
    else if (next !== name) update.mutate({ workflow_slug: slug, name: next });
  };
  return (
    <input
      aria-label="Workflow name"
      value={text}
      maxLength={200}
      onChange={(event) => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setText(name);
        if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur();
      }}
      className="h-8 min-w-0 shrink truncate rounded-md bg-transparent px-1.5 text-base font-semibold [field-sizing:content] max-w-64 hover:bg-hover focus:bg-surface max-sm:max-w-28"
    />
  );
}

function HistoryButtons() {
  const actions = useActions();
  const undo = useDocument(({ history }) => history.past.at(-1)?.name);
  const redo = useDocument(({ history }) => history.future[0]?.name);
  return (
    <>
      <IconButton
        label="Undo"
        title={undo}
        icon={<Undo2 />}
        shortcut="Mod+Z"
        disabled={undo === undefined}
        onClick={actions.undo}
      />
      <IconButton
        label="Redo"
        title={redo}
        icon={<Redo2 />}
        shortcut="Mod+Shift+Z"
        disabled={redo === undefined}
        onClick={actions.redo}
        className="max-sm:hidden"
      />
    </>
  );
}

function ProblemCount() {
  const { layout } = useEditor();
  const errors = useProblems(({ all }) => all.filter((one) => one.level === 'error').length);
  const count = useProblems(({ all }) => all.length);
  if (count === 0) return null;
  return (
    <Button
      variant="ghost"
      size="sm"
      icon={<TriangleAlert />}
      aria-label={`Show ${count} problem${count === 1 ? '' : 's'}`}
      className={errors > 0 ? 'text-danger-text' : 'text-warning-text'}
      onClick={() => layout.setState({ dock: 'problems' })}
    >
      <span className="tabular-nums">{count}</span>
    </Button>
  );
}

function RunButton({ control }: { control: RunControl }) {
  const selected = useOnlySelected();
  const { definitionOf } = useEditor();
  const type = useDocument((state) => (selected === null ? undefined : state.nodes.get(selected)?.type));
  const step = type === undefined || definitionOf(type)?.trigger ? null : selected;
  const onStep = (act: (node: string) => void) => ({
    disabled: step === null,
    onSelect: () => step !== null && act(step),
  });
  const going = useRun((run) => run.executionId !== null && !isOver(run.status));
  if (going) {
    return (
      <>
        <RunPill />
        <Button variant="secondary" icon={<Square />} onClick={control.stop}>
          Stop
        </Button>
      </>
    );
  }
  return (
    <SplitButton
      label="Run"
      icon={<Play />}
      variant="primary"
      loading={control.starting}
      onClick={control.start}
      menuLabel="Other ways to run"
      items={[
        { label: 'Run with input…', onSelect: control.askInput },
        { type: 'separator' },
        { label: 'Run selected node', shortcut: 'Shift+Enter', ...onStep(control.runNode) },
        { label: 'Run to selected', shortcut: 'Mod+Alt+Enter', ...onStep(control.runTo) },
        { label: 'Run from selected', shortcut: 'Mod+Shift+Enter', ...onStep(control.runFrom) },
      ]}
    />
  );
}
