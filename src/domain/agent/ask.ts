import { maskDeep } from '../credential/mask.ts';
import type { Capabilities, Resumed, Suspend } from '../node/executor.ts';
import { sourceOf } from '../node/signal-source.ts';
import type { ToolFunction } from '../node/tool.ts';
import type { AskBefore } from './config.ts';

/** A call of a tool that the agent is about to make. */
export interface IntendedCall {
  readonly mode: AskBefore;
  readonly function: ToolFunction;
  /** As the model wrote them. */
  readonly args: unknown;
  /** The name of the tool's node, for people. */
  readonly title: string;
  /** Tells the calls of one step apart and stays the same when the step begins anew. */
  readonly key: string;
  readonly resumed: Resumed | null;
}

/** `refused`: the call is not made, and the model is told `words`. A suspension waits for the person's answer. */
export type Permission =
  | { readonly kind: 'granted' }
  | { readonly kind: 'refused'; readonly words: string }
  | Suspend;

interface Decision {
  readonly confirmed: boolean;
  readonly response: string;
}

const LONGEST_PROMPT = 8000;
const GRANTED: Permission = { kind: 'granted' };

/** Whether a person is asked before this call. */
export function isAsked({ mode, function: { destructive, harmless }, args }: IntendedCall): boolean {
  if (mode === 'never') return false;
  if (mode === 'always') return true;
  return destructive === true && !(harmless?.(args) ?? false);
}

/**
 * Asks a person where the agent says so. Every call has a question of its own; one that was asked is not asked again.
 * @throws StepError `no_approver` when there is nobody to ask
 */
export async function permissionFor(call: IntendedCall, { askApproval }: Capabilities): Promise<Permission> {
  if (!isAsked(call)) return GRANTED;
  const about = `ask:${call.key}`;
  const answered = call.resumed?.signals[sourceOf('approval', about)] as Decision | undefined;
  if (answered) return answered.confirmed ? GRANTED : refused(answered);
  const prompt = promptFor(call);
  const { source } = await askApproval({
    call: about,
    prompt,
    approvers: [],
    needed: 1,
    allowSelf: true,
    expiresAt: null,
    withLinks: false,
  });
  return { kind: 'suspend', sources: [source], until: null, human: true, shown: { prompt } };
}

function refused({ response }: Decision): Permission {
  const why = response.trim() === '' ? '' : ` They said: ${response.trim()}`;
  const words = `A person has refused this call, so it was not made.${why} Do not make it again.`;
  return { kind: 'refused', words };
}

function promptFor({ title, function: { name }, args }: IntendedCall): string {
  const shown = typeof args === 'string' ? args : JSON.stringify(maskDeep(args), null, 2);
  return `May the agent use “${title}”?\n\n${name} ${shown ?? ''}`.slice(0, LONGEST_PROMPT);
}
