import { type Capabilities, StepError } from './executor.ts';

const NOWHERE = {
  executionId: '',
  workflowId: 0,
  environmentId: 0,
  node: '',
  depth: 0,
  triggerKind: 'manual',
} as const;

/** Capabilities of which those not given refuse, each naming itself. */
export function refusingCapabilities(given: Partial<Capabilities>): Capabilities {
  const refuse = (name: string) => () =>
    Promise.reject(new StepError('not_available', `There is no ${name} here.`, { permanent: true }));
  return {
    http: refuse('http'),
    code: refuse('code'),
    command: refuse('command'),
    mail: refuse('mail'),
    startRun: refuse('startRun'),
    askApproval: refuse('askApproval'),
    awaitCall: refuse('awaitCall'),
    checkWorkflow: refuse('checkWorkflow'),
    once: (_call, work) => work(),
    model: refuse('model'),
    toolFunctions: refuse('toolFunctions'),
    callTool: refuse('callTool'),
    usePart: (_use, work) => work(),
    noteCall: async () => undefined,
    searchServer: async () => null,
    skillPacks: refuse('skillPacks'),
    skillText: refuse('skillText'),
    say: async () => undefined,
    stream: () => undefined,
    conversation: async () => [],
    keepConversation: async () => undefined,
    memory: refuse('memory'),
    mcp: refuse('mcp'),
    platform: refuse('platform'),
    place: () => NOWHERE,
    log: () => undefined,
    now: Date.now,
    ...given,
  };
}
