'use client';

import { useQuery } from '@tanstack/react-query';
import { ChevronDown, CircleAlert, TriangleAlert } from 'lucide-react';
import { trpc } from '#client/trpc.ts';
import { nodeTitle } from '#domain/graph/graph.ts';
import type { Problem } from '#domain/graph/validate.ts';
import { cn } from '#ui/class-name.ts';
import { IconButton } from '#ui/icon-button.tsx';
import { RelativeTime } from '#ui/relative-time.tsx';
import { StatusIcon } from '#ui/status-badge.tsx';
import { TabPanel, Tabs } from '#ui/tabs.tsx';
import { useActions } from '../command/actions-context.ts';
import { type DockTab, useDocument, useEditor, useLayout, useProblems, useRun } from '../editor-context.ts';
import { NodeData } from '../inspector/node-data.tsx';
import { useOnlySelected } from '../inspector/use-only-selected.ts';
import type { RunSession } from '../run/run-session.ts';
import { isOver, type RunView } from '../run/run-state.ts';
import type { Autosave } from '../save/autosave.ts';
import { ChatPane } from './chat-pane.tsx';
import { RUN_STATUS, StepLog } from './step-log.tsx';

/** The panel below the canvas: the run step by step, problems, and the data of the selected node. */
export function Dock({ session, save }: { session: RunSession; save: Autosave }) {
  const { layout } = useEditor();
  const tab = useLayout((state) => state.dock) ?? 'run';
  const problems = useProblems((state) => state.all.length);
  return (
    <section
      aria-label="Bottom panel"
      data-region="dock"
      className="@container flex h-full min-h-0 flex-col border-t border-border bg-surface"
    >
      <Tabs
        ariaLabel="Bottom panel"
        value={tab}
        onValueChange={(value) => layout.setState({ dock: value as DockTab })}
        items={[
          { value: 'run', label: 'Run' },
          { value: 'chat', label: 'Chat' },
          { value: 'problems', label: 'Problems', ...(problems > 0 && { count: problems }) },
          { value: 'output', label: 'Output' },
        ]}
        className="h-full"
        listClassName="shrink-0 px-4"
        trailing={
          <IconButton
            label="Close panel"
            icon={<ChevronDown />}
            size="sm"
            shortcut="J"
            onClick={() => layout.setState({ dock: null })}
          />
        }
      >
        <div className="min-h-0 flex-1 overflow-y-auto">
          <TabPanel value="run">
            <RunPane session={session} />
          </TabPanel>
          <TabPanel value="chat" className="h-full">
            <ChatPane session={session} save={save} />
          </TabPanel>
          <TabPanel value="problems">
            <ProblemList />
          </TabPanel>
          <TabPanel value="output" className="px-4 py-3">
            <OutputPane />
          </TabPanel>
        </div>
      </Tabs>
    </section>
  );
}

function OutputPane() {
  const id = useOnlySelected();
  const node = useDocument((state) => (id === null ? undefined : state.nodes.get(id)));
  if (!node) return <Empty>Select one node to see what it received and gave.</Empty>;
  return (
    <>
      <h3 className="pb-2 font-medium">{nodeTitle(node)}</h3>
      <NodeData key={node.id} nodeId={node.id} title={nodeTitle(node)} />
    </>
  );
}

function Empty({ children }: { children: React.ReactNode }) {
  return <p className="px-4 py-8 text-center text-sm text-subtle">{children}</p>;
}

function RunPane({ session }: { session: RunSession }) {
  const run = useRun((state) => state);
  return (
    <div className="grid min-h-0 @2xl:grid-cols-[minmax(0,1fr)_16rem]">
      <div className="min-w-0">
        {run.executionId === null ? (
          <Empty>No run is shown. Press Run, or choose one of the recent runs.</Empty>
        ) : (
          <StepLog />
        )}
      </div>
      <RecentRuns session={session} current={run.executionId} live={run.status} />
    </div>
  );
}

interface RecentProps {
  session: RunSession;
  current: string | null;
  /** The shown run's state from the socket, which is ahead of the list. */
  live: RunView['status'];
}

function RecentRuns({ session, current, live }: RecentProps) {
  const { slug } = useEditor();
  const runs = useQuery(
    trpc.executions.list.queryOptions(
      { workflow_slug: slug, limit: 20 },
      { refetchInterval: isOver(live) ? 10_000 : 3000 },
    ),
  );
  const items = runs.data?.items ?? [];
  const statusOf = (one: (typeof items)[number]) => (one.execution_id === current && live) || one.status;
  return (
    <div className="border-border px-2 py-2 @2xl:border-l">
      <h3 className="px-2 pb-1 text-2xs font-medium text-subtle">Recent runs</h3>
      {items.length === 0 ? <p className="px-2 py-2 text-xs text-subtle">None yet.</p> : null}
      {items.map((one) => (
        <button
          key={one.execution_id}
          type="button"
          aria-current={one.execution_id === current}
          onClick={() => void session.open(one.execution_id)}
          className={cn(
            'flex min-h-8 w-full items-center gap-2 rounded-md px-2 py-1 text-left text-xs hover:bg-hover',
            one.execution_id === current && 'bg-selected',
          )}
        >
          <StatusIcon status={RUN_STATUS[statusOf(one)] ?? 'queued'} label={statusOf(one)} size={14} />
          <RelativeTime value={one.created_at} className="min-w-0 flex-1 truncate" />
          <span className="text-subtle">{one.trigger_kind}</span>
        </button>
      ))}
    </div>
  );
}

/** Everything wrong or doubtful; a click goes to the node. */
function ProblemList() {
  const problems = useProblems((state) => state.all);
  const nodes = useDocument((state) => state.nodes);
  const { selection, layout, document } = useEditor();
  const actions = useActions();
  const go = (problem: Problem): void => {
    layout.setState({ inspector: true });
    if (problem.nodeId !== undefined) actions.select([problem.nodeId], true);
    else if (problem.edgeId !== undefined) {
      const edge = document.store.getState().edges.get(problem.edgeId);
      if (edge) actions.select([edge.source], true);
      selection.setState({ nodes: new Set(), edges: new Set([problem.edgeId]) });
    }
  };
  if (problems.length === 0) return <Empty>No problems.</Empty>;
  return (
    <ul className="px-2 py-2">
      {problems.map((problem, index) => (
        <li key={`${index}${problem.message}`}>
          <button
            type="button"
            onClick={() => go(problem)}
            className="flex min-h-8 w-full items-start gap-2.5 rounded-md px-2 py-1.5 text-left hover:bg-hover"
          >
            {problem.level === 'error' ? (
              <CircleAlert className="mt-0.5 size-4 shrink-0 text-danger-text" aria-label="Error" />
            ) : (
              <TriangleAlert className="mt-0.5 size-4 shrink-0 text-warning-text" aria-label="Warning" />
            )}
            <span className="min-w-0">
              {problem.message}
              <span className="block text-xs text-subtle">
                {[titleOf(problem, nodes), problem.field].filter(Boolean).join(' › ')}
              </span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function titleOf(problem: Problem, nodes: ReadonlyMap<string, { label: string | null; id: string }>): string {
  const node = problem.nodeId === undefined ? undefined : nodes.get(problem.nodeId);
  return node ? nodeTitle(node) : '';
}
