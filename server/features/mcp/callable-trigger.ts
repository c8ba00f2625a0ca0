import type { TargetTrigger } from '#server/run-start/run-target.ts';

const KINDS = ['workflow', 'manual', 'chat'] as const;

/** Where a call of a workflow as a tool starts; null where it has no such trigger. The preferred triggers come first. */
export function callableTrigger(triggers: readonly TargetTrigger[]): TargetTrigger | null {
  for (const kind of KINDS) {
    const found = triggers.find((one) => one.kind === kind && !isForOneCaller(one));
    if (found) return found;
  }
  return null;
}

/** A trigger that takes calls of one workflow only is not for others. */
const isForOneCaller = ({ config }: TargetTrigger): boolean =>
  typeof config['source_workflow'] === 'string' && config['source_workflow'] !== '';
