'use client';

import { use, useEffect } from 'react';
import { Dialog } from '#ui/dialog.tsx';
import { useEditor, useLayout, useRun } from '../editor-context.ts';
import { RunAside } from './run-aside.ts';
import { askingNode } from './step-view.ts';

/** What the shown run asks people, with the answers to it; goes away once nothing is asked any more. */
export function AnswerDialog() {
  const { layout } = useEditor();
  const open = useLayout((state) => state.answering);
  const executionId = useRun((run) => run.executionId);
  const asks = useRun((run) => askingNode(run.steps) !== null);
  const questions = use(RunAside);
  useEffect(() => {
    if (!asks) layout.setState({ answering: false });
  }, [asks, layout]);
  if (!open || executionId === null) return null;
  return (
    <Dialog open onOpenChange={(next) => layout.setState({ answering: next })} title="Answer" size="lg">
      {questions(executionId)}
    </Dialog>
  );
}
