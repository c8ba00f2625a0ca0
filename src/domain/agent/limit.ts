import type { ModelChoice } from '../model/model.ts';
import type { AgentConfig } from './config.ts';
import type { AgentLimits } from './move.ts';
import { tokensIn } from './token.ts';
import type { Toolset } from './toolset.ts';
import { roomFor, windowOf } from './window.ts';

const USUAL_WORK_S = 7_200;
const USUAL_TRIGGER = 70;
const USUAL_KEEP = 20;

/** What an agent may use up, by its config and by what is sent with every request. */
export function limitsFor(
  config: AgentConfig,
  {
    choice,
    system,
    tools,
  }: { readonly choice: ModelChoice; readonly system: string; readonly tools: Toolset },
): AgentLimits {
  const window = config.context_window ?? windowOf(choice.model);
  const faces = [...tools.values()].map(
    ({ face }) => face.name + face.description + JSON.stringify(face.parameters),
  );
  const overhead = tokensIn(system) + faces.reduce((sum, face) => sum + tokensIn(face), 0);
  const from = Math.floor((window * (config.compacting_trigger ?? USUAL_TRIGGER)) / 100) - overhead;
  return {
    maxSteps: config.max_steps,
    maxToolCalls: config.max_tool_calls,
    maxWorkMs: (config.max_wall_time ?? USUAL_WORK_S) * 1000,
    window,
    room: roomFor({ window, maxTokens: choice.maxTokens, overhead }),
    compact: config.compacting === 'summarize' ? { from, keep: config.compacting_keep ?? USUAL_KEEP } : null,
  };
}
