import type { Capabilities } from '../node/executor.ts';
import type { Part } from '../node/part.ts';
import type { ToolFunction } from '../node/tool.ts';
import type { Spent } from './state.ts';
import type { Waiting } from './waiting.ts';

/** How a call ended: what the model is told, or what has to come first. */
export type CallEnd =
  | {
      readonly kind: 'told';
      readonly result: unknown;
      readonly isError?: boolean;
      /** It comes from whoever drew the workflow, and is to be followed. */
      readonly isInstruction?: boolean;
      readonly spent?: Spent;
    }
  | { readonly kind: 'waiting'; readonly waiting: readonly Waiting[] };

/** Something an agent can do by itself, such as reading a skill. */
export interface InnerTool {
  readonly face: ToolFunction;
  /** @param key the same when the step begins anew. @throws what ends the step */
  readonly call: (
    args: unknown,
    key: string,
    spent: Spent & { readonly workedMs: number },
  ) => Promise<CallEnd>;
}

/** A function of a plugged node. */
export interface PluggedTool {
  /** As the model knows it. */
  readonly face: ToolFunction;
  /** Its name in the node. */
  readonly function: string;
  readonly part: Part;
}

export type AgentTool = InnerTool | PluggedTool;

/** By the names the model knows them by. */
export type Toolset = ReadonlyMap<string, AgentTool>;

const LONGEST_NAME = 64;

interface Other extends Pick<Capabilities, 'toolFunctions'> {
  readonly inner: readonly InnerTool[];
  /** Names that are not free. */
  readonly taken: readonly string[];
}

/** Everything an agent can call. Where two functions have one name, the later one gets a number. */
export async function toolsetOf(
  parts: readonly Part[],
  { inner, taken, toolFunctions }: Other,
): Promise<Toolset> {
  const tools = new Map<string, AgentTool>(inner.map((tool) => [tool.face.name, tool]));
  const offered = await Promise.all(
    parts.map(async (part) => (await toolFunctions(part)).map((face) => ({ part, face }))),
  );
  for (const { part, face } of offered.flat()) {
    const name = freeName(face.name, new Set([...tools.keys(), ...taken]));
    tools.set(name, { part, function: face.name, face: { ...face, name } });
  }
  return tools;
}

/** The tools with others that keep their names; where two are the same, one that was there gets a number. */
export function withInner(tools: Toolset, inner: readonly InnerTool[]): Toolset {
  const all = new Map<string, AgentTool>(inner.map((tool) => [tool.face.name, tool]));
  for (const tool of tools.values()) {
    const name = freeName(tool.face.name, all);
    all.set(name, { ...tool, face: { ...tool.face, name } });
  }
  return all;
}

/** A name that providers accept and nobody has yet. */
function freeName(wanted: string, taken: { has(name: string): boolean }): string {
  const plain = wanted.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, LONGEST_NAME) || 'tool';
  for (let at = 1; ; at += 1) {
    const end = at === 1 ? '' : `_${at}`;
    const name = plain.slice(0, LONGEST_NAME - end.length) + end;
    if (!taken.has(name)) return name;
  }
}
