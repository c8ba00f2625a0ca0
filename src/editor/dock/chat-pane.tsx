'use client';

import { MessageSquare, Plus } from 'lucide-react';
import { use, useMemo } from 'react';
import { nodeTitle } from '#domain/graph/graph.ts';
import { problemsOnPath, validateGraph } from '#domain/graph/validate.ts';
import { Button } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { SegmentedControl } from '#ui/segmented-control.tsx';
import { useActions } from '../command/actions-context.ts';
import { type EditorParts, useDocument, useEditor, useSelection } from '../editor-context.ts';
import type { RunSession } from '../run/run-session.ts';
import type { Autosave } from '../save/autosave.ts';
import { ChatAside } from './chat-aside.ts';

interface ChatPaneProps {
  session: RunSession;
  save: Autosave;
}

/** Talks to the open workflow; the canvas shows how each answer comes about. */
export function ChatPane({ session, save }: ChatPaneProps) {
  const parts = useEditor();
  const triggers = useChatTriggers();
  const selected = useSelection(({ nodes }) => triggers.find(({ id }) => nodes.has(id))?.id);
  const { selection } = parts;
  const conversation = use(ChatAside);
  const trigger = selected ?? triggers[0]?.id;
  const hooks = useMemo(
    () => ({
      beforeSend: () => ready(parts, save, trigger ?? ''),
      onRun: (executionId: string) => {
        if (session.store.getState().executionId !== executionId) session.follow(executionId);
      },
    }),
    [parts, save, session, trigger],
  );
  if (trigger === undefined) return <NoTrigger />;
  return (
    <div className="flex h-full min-h-0 flex-col">
      {triggers.length > 1 ? (
        <SegmentedControl
          ariaLabel="Chat trigger"
          size="sm"
          className="mx-3 mt-2"
          value={trigger}
          onValueChange={(id) => selection.setState({ nodes: new Set([id]), edges: new Set() })}
          items={triggers.map(({ id, title }) => ({ value: id, label: title }))}
        />
      ) : null}
      <div className="min-h-0 flex-1">{conversation({ slug: parts.slug, triggerId: trigger, ...hooks })}</div>
    </div>
  );
}

interface ChatTrigger {
  readonly id: string;
  readonly title: string;
}

function useChatTriggers(): readonly ChatTrigger[] {
  const { definitionOf } = useEditor();
  const nodes = useDocument((state) => state.nodes);
  return useMemo(
    () =>
      [...nodes.values()]
        .filter((node) => definitionOf(node.type)?.trigger === 'chat')
        .map((node) => ({ id: node.id, title: nodeTitle(node) })),
    [nodes, definitionOf],
  );
}

/** The server answers with what it has, so everything is saved first. @throws Error in words for the person */
async function ready(
  { document, definitionOf }: EditorParts,
  save: Autosave,
  trigger: string,
): Promise<void> {
  const { graph } = document.store.getState();
  const faults = problemsOnPath(validateGraph(graph, definitionOf), graph, trigger, definitionOf);
  const [first] = faults;
  if (first) {
    const more = faults.length > 1 ? ` And ${faults.length - 1} more, see Problems.` : '';
    throw new Error(`The workflow cannot run yet: ${first.message}${more}`);
  }
  if ((await save.flush()) !== 'saved')
    throw new Error('The workflow could not be saved, and would answer as it was.');
}

function NoTrigger() {
  const { definitions } = useEditor();
  const actions = useActions();
  const chat = definitions.find((one) => one.trigger === 'chat');
  return (
    <EmptyState
      compact
      icon={<MessageSquare />}
      title="This workflow does not chat yet"
      description="A chat trigger starts it with every message. What an agent says, or a Reply, is the answer."
      actions={
        chat ? (
          <Button variant="primary" icon={<Plus />} onClick={() => actions.addBeside(chat)}>
            Add {chat.title}
          </Button>
        ) : undefined
      }
    />
  );
}
