import type { OutputOf } from '#contract/contract.ts';

/** One page of workflows, and one of them. */
export type WorkflowPage = OutputOf<'workflows', 'list'>;
export type Workflow = WorkflowPage['items'][number];
