import { z } from 'zod';
import { text } from '#domain/text.ts';
import { operation } from './operation.ts';

const addressed = { workflow_slug: text(300) };
const jsonSchema = z.record(z.string(), z.json());

const offerOut = z
  .object({
    enabled: z.boolean().describe('Whether clients are offered the workflow as a tool.'),
    tool_name: z.string(),
    description: z.string(),
    input_schema: jsonSchema.nullable().describe('As it was given; null: the usual one.'),
    effective_schema: jsonSchema.describe('JSON Schema of the arguments, as clients see it.'),
    problem: z.string().nullable().describe('Why clients do not see the tool although it is offered.'),
    updated_at: z.string().nullable().describe('UTC, ISO 8601 with Z; null: it was never offered.'),
  })
  .meta({ id: 'McpOffer' });

/** Workflows as tools of our own server of the Model Context Protocol, at /mcp. */
export const mcp = {
  offer: operation({
    method: 'get',
    path: '/workflows/{workflow_slug}/mcp',
    status: 200,
    access: 'workflow.read',
    summary: 'Whether and how a workflow is offered as an MCP tool',
    input: z.object(addressed),
    output: offerOut,
  }),
  setOffer: operation({
    method: 'put',
    path: '/workflows/{workflow_slug}/mcp',
    status: 200,
    access: 'workflow.edit',
    summary: 'Offer a workflow as an MCP tool, or no longer',
    input: z.object({
      ...addressed,
      enabled: z.boolean(),
      tool_name: text(64)
        .regex(/^[A-Za-z0-9_-]{1,64}$/, 'Use 1 to 64 letters, digits, “_” and “-”.')
        .optional()
        .describe('How clients call it; unique among the workflows of the environment.'),
      description: text(2_000).optional().describe('For the model: what it does and when to use it.'),
      input_schema: jsonSchema.nullish().describe('JSON Schema of its arguments: an object.'),
    }),
    output: offerOut,
  }),
} as const;
