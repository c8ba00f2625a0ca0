import { z } from 'zod';
import { childOutput, type EndedChild } from '#domain/node/ended-child.ts';
import { type Capabilities, type Resumed, StepError } from '#domain/node/executor.ts';
import type { ToolCallInput, ToolExecutor, ToolOutcome } from '#domain/node/tool.ts';
import type { definition } from './definition.ts';
import { asPath } from './mapping.ts';
import { type WorkflowFace, workflowFunction } from './tool-face.ts';

type Call = ToolCallInput<typeof definition>;

export const tool: ToolExecutor<typeof definition> = {
  functions: async ({ config }, capabilities) =>
    config.target_workflow === ''
      ? []
      : [workflowFunction(await faceOf(config.target_workflow, capabilities))],
  call: async (call, capabilities) =>
    call.resumed ? ended(call.config, call.resumed) : start(call, capabilities),
};

const told = z.object({ name: z.string(), description: z.string(), input_schema: z.unknown() });

/** What the model is told of it; a workflow that cannot be looked at is called by its slug. */
async function faceOf(slug: string, { platform }: Capabilities): Promise<WorkflowFace> {
  try {
    const { status, body } = await platform({ operation: 'workflows.get', input: { workflow_slug: slug } });
    const read = told.safeParse(body);
    if (status !== 200 || !read.success) return { slug };
    const { name, description, input_schema: inputSchema } = read.data;
    return { slug, name, description, inputSchema };
  } catch (error) {
    if (error instanceof StepError) return { slug };
    throw error;
  }
}

async function start({ config, args }: Call, { startRun }: Capabilities): Promise<ToolOutcome> {
  const { target_workflow: workflow, trigger_mode, trigger, input_mapping } = config;
  const fixed = Object.entries(input_mapping).filter(
    ([, value]) => !(typeof value === 'string' && asPath(value)),
  );
  const { source, executionId } = await startRun({
    workflow,
    trigger: trigger_mode === 'explicit' && trigger !== '' ? trigger : null,
    payload: { ...(args as object | null), ...Object.fromEntries(fixed) },
    index: 0,
  });
  const shown = { execution_id: executionId, workflow };
  return { kind: 'suspend', sources: [source], until: null, kept: { source }, shown };
}

function ended({ target_workflow }: Call['config'], { kept, signals }: Resumed): ToolOutcome {
  const { source } = kept as { readonly source: string };
  return { kind: 'done', result: childOutput(target_workflow, signals[source] as EndedChild | undefined) };
}
