import type { PackFile, SkillPack } from '../agent/skill-pack.ts';
import type { Message } from '../chat/message.ts';
import type { McpAnswer, McpRequest } from '../mcp/request.ts';
import type { MemoryAnswer, MemoryRequest } from '../memory/request.ts';
import type { ModelAnswer, ModelRequest } from '../model/model.ts';
import type { Part } from './part.ts';
import type { ToolFunction } from './tool-function.ts';
import type { NotedCall, ToolOutcome, ToolRequest } from './tool-request.ts';

/** What is recorded of a part of a step, and shown in its run. */
export interface RecordedCall {
  /** Unique within the step, the same when the step begins anew. */
  readonly key: string;
  readonly kind: 'model' | 'tool' | 'plan';
  /** For people, such as the name of the model or the tool. */
  readonly title: string;
  /** JSON; what was asked. */
  readonly request?: unknown;
}

/** A use of something that is plugged into a node. */
export interface PartUse {
  /** Its id. */
  readonly part: string;
  /** Unique among the uses of the step, the same when the step begins anew. */
  readonly key: string;
  /** For people: what it is used for. */
  readonly name: string;
}

/** Where a step stands. */
export interface StepPlaceView {
  readonly executionId: string;
  readonly workflowId: number;
  readonly environmentId: number;
  readonly node: string;
  /** How deep in runs that wait for each other; from 0. */
  readonly depth: number;
  readonly triggerKind: string;
}

/** The conversation of a node with whoever the run talks to. */
export interface ConversationPlace {
  /** Tells the conversations of one thread apart: the node's id, unless several nodes share one. */
  readonly name: string;
}

/** A piece of an answer while it is written. Live only; nothing of it is kept. */
export interface StreamPiece {
  readonly kind: 'text' | 'reasoning' | 'restart' | 'end';
  /** Which answer of the step, from 1. */
  readonly turn: number;
  readonly text: string;
}

/** An operation of the API by its name, or by its method and path. */
export type PlatformRequest =
  | { readonly operation: string; readonly input: Readonly<Record<string, unknown>> }
  | { readonly method: string; readonly path: string; readonly body?: unknown };

export interface PlatformAnswer {
  /** As over HTTP. */
  readonly status: number;
  readonly body: unknown;
}

/** A search engine, and the credential that signs requests to it. */
export interface SearchServer {
  /** Without secrets. */
  readonly url: string;
  readonly credential: number;
}

/** What nodes that work with models may use besides. */
export interface AiCapabilities {
  /**
   * Does something once in the life of a step, over all its attempts and restarts: what it gives is recorded before
   * it is handed on, and is given again without doing it again. JSON. What rejects is not recorded.
   */
  readonly once: <T>(call: RecordedCall, work: () => Promise<T>) => Promise<T>;
  /** One answer of a language model. Budgets are checked before and the cost is recorded after. */
  readonly model: (request: ModelRequest) => Promise<ModelAnswer>;
  /** The functions a plugged tool offers now. */
  readonly toolFunctions: (part: Part) => Promise<readonly ToolFunction[]>;
  /**
   * Calls a function of a plugged tool, with the tool's node lighting up meanwhile. A call that is done is recorded
   * and never made again.
   */
  readonly callTool: (request: ToolRequest) => Promise<ToolOutcome>;
  /**
   * Lets a plugged node light up while something is done with it. Models, memories and tools do by themselves; what is
   * no part of the step just goes on.
   */
  readonly usePart: <T>(use: PartUse, work: () => Promise<T>) => Promise<T>;
  /** Shows a call that somebody else has made, such as the provider of a model, with the node it belongs to. Once. */
  readonly noteCall: (call: NotedCall) => Promise<void>;
  /**
   * Says something in the conversation the run belongs to; comes with everything else that is recorded of it.
   * @param call the key of the recorded call that gave it: said once for each, however often the step begins anew
   */
  readonly say: (text: string, call?: string) => Promise<void>;
  /** Shows an answer while it is written. */
  readonly stream: (piece: StreamPiece) => void;
  /** What is remembered of the conversation, oldest first; nothing outside a conversation. */
  readonly conversation: (place: ConversationPlace) => Promise<readonly Message[]>;
  /** Remembers the conversation from now on as this; the same again after a restart changes nothing. */
  readonly keepConversation: (place: ConversationPlace, messages: readonly Message[]) => Promise<void>;
  /** Facts, episodes, procedures and users. */
  readonly memory: <R extends MemoryRequest>(request: R) => Promise<MemoryAnswer<R>>;
  /**
   * The tools of a server of the Model Context Protocol, and calls of them. Rejects with StepError when it cannot be
   * reached or used; what a tool itself reports as an error is an answer.
   */
  readonly mcp: <R extends McpRequest>(request: R) => Promise<McpAnswer<R>>;
  /** The SearXNG server that is starred among the credentials of the environment; null: there is none. */
  readonly searchServer: () => Promise<SearchServer | null>;
  /** The packs of instructions in a folder of the operator's. Rejects with StepError where there are none. */
  readonly skillPacks: (path: string) => Promise<readonly SkillPack[]>;
  /** A text of such a pack. */
  readonly skillText: (file: PackFile) => Promise<string>;
  /** Calls an operation of the API with the rights of the workflow's owner. */
  readonly platform: (request: PlatformRequest) => Promise<PlatformAnswer>;
  readonly place: () => StepPlaceView;
}
