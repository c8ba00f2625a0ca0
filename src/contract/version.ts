import { z } from 'zod';
import { graphEdge, graphNode } from '#domain/graph/command.ts';
import { pageOf, paging } from '#domain/page.ts';
import { text } from '#domain/text.ts';
import { operation } from './operation.ts';
import { workflowOut } from './workflow.ts';

const inWorkflow = { workflow_slug: text(200) };
const one = { ...inWorkflow, n: z.int().min(1).max(2_147_483_647) };

const version = {
  n: z.int().describe('Counts up from 1 within the workflow.'),
  revision: z.int(),
  is_current: z.boolean().describe('It is what the workflow is now.'),
  node_count: z.int(),
  edge_count: z.int(),
  checksum: z.string().describe('SHA-256 of the graph.'),
  created_at: z.string().describe('UTC, ISO 8601 with Z.'),
};
export const versionOut = z.object(version).meta({ id: 'WorkflowVersion' });

export const versions = {
  list: operation({
    method: 'get',
    path: '/workflows/{workflow_slug}/versions',
    status: 200,
    access: 'workflow.read',
    summary: 'The kept versions of a workflow, newest first; runs keep theirs, and publishing keeps one',
    input: z.object({ ...inWorkflow, ...paging }),
    output: pageOf(versionOut),
  }),
  publish: operation({
    method: 'post',
    path: '/workflows/{workflow_slug}/versions/publish',
    status: 200,
    access: 'workflow.edit',
    summary: 'Keep the workflow as it is now as a version',
    input: z.object(inWorkflow),
    output: versionOut,
  }),
  get: operation({
    method: 'get',
    path: '/workflows/{workflow_slug}/versions/{n}',
    status: 200,
    access: 'workflow.read',
    summary: 'One version with its graph',
    input: z.object(one),
    output: z
      .object({ ...version, nodes: z.array(graphNode), edges: z.array(graphEdge) })
      .meta({ id: 'WorkflowVersionDetail' }),
  }),
  restore: operation({
    method: 'post',
    path: '/workflows/{workflow_slug}/versions/{n}/restore',
    status: 200,
    access: 'workflow.edit',
    summary: 'Make the graph what it was in a version; a new revision, so nothing is lost',
    input: z.object(one),
    output: workflowOut,
  }),
} as const;
