import { z } from 'zod';
import { text } from '#domain/text.ts';
import { operation, rowId } from './operation.ts';

/** Workflows as people and models write them down: in steps, and as files. */
export const workflowText = {
  validateDsl: operation({
    method: 'post',
    path: '/workflows/validate-dsl',
    status: 200,
    access: 'workflow.read',
    summary: 'Check a workflow written as YAML steps, or an exported document; nothing is stored',
    input: z.object({ yaml_str: text(1_000_000) }),
    output: z.object({
      valid: z.boolean(),
      errors: z.array(z.string()),
      node_count: z.int(),
      edge_count: z.int(),
    }),
  }),
  fromDsl: operation({
    method: 'post',
    path: '/workflows/from-dsl',
    status: 201,
    access: 'workflow.edit',
    summary: 'Make a workflow from YAML steps, or a changed copy of one from patches',
    input: z.object({
      yaml_str: text(1_000_000),
      tags: z.array(text(100)).max(100).optional().describe('Besides those of the document.'),
      inherit_from: z
        .object({ workflow_id: rowId, node_id: text(64) })
        .nullish()
        .describe('The agent whose model and tools `inherit` stands for.'),
    }),
    output: z
      .object({
        success: z.literal(true),
        workflow_id: z.int(),
        slug: z.string(),
        node_count: z.int(),
        edge_count: z.int(),
        mode: z.enum(['create', 'fork']),
        notice: z
          .string()
          .nullable()
          .describe('Why a person has to switch it on first, where an agent has made it; else null.'),
      })
      .meta({ id: 'DslResult' }),
  }),
  exportText: operation({
    method: 'get',
    path: '/workflows/{workflow_slug}/export/text',
    status: 200,
    access: 'workflow.read',
    summary: 'The same document as the text of a file',
    input: z.object({ workflow_slug: text(200), format: z.enum(['json', 'yaml']).default('yaml') }),
    output: z.object({ filename: z.string(), text: z.string() }).meta({ id: 'WorkflowFile' }),
  }),
} as const;
