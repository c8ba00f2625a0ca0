import type { z } from 'zod';
import type { NodeDefinition } from './definition.ts';

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly followRedirects: boolean;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly url: string;
  readonly durationMs: number;
}

export interface CodeRequest {
  readonly source: string;
  readonly globals: Readonly<Record<string, unknown>>;
  readonly timeoutMs: number;
  readonly memoryMb: number;
}

/** The outside world as an executor may see it. Every member honours the step's abort signal by itself. */
export interface Capabilities {
  /** The one guarded outbound HTTP client. Rejects with a StepError. */
  readonly http: (request: HttpRequest) => Promise<HttpResponse>;
  /** User code in the killable sandbox. Rejects with a StepError. */
  readonly code: (request: CodeRequest) => Promise<{ value: unknown; logs: readonly string[] }>;
  /** A line for the step's log. */
  readonly log: (line: string) => void;
  /** Now, in milliseconds since the epoch. */
  readonly now: () => number;
}

export interface StepInput<C extends NodeDefinition = NodeDefinition> {
  /** Values by input port; `many` ports hold lists; ports without a taken edge are absent. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The node's config, templates already rendered and checked against its schema. */
  readonly config: z.output<C['config']>;
  /** What templates see as well: the trigger payload and every finished node's outputs by node id. */
  readonly trigger: unknown;
  readonly nodes: Readonly<Record<string, unknown>>;
  /** The same on every attempt of this step of this run: `run:node:scope`. */
  readonly idempotencyKey: string;
  readonly attempt: number;
  readonly signal: AbortSignal;
}

/** A step's end. `reply` becomes the run's answer to whoever waits for it. */
export interface Done {
  readonly kind: 'done';
  /** By output port. A port that is absent is not taken and its edges are skipped. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly reply?: Reply;
}

/** The step lets go of its worker until `until` (ms since the epoch), then ends with `outputs`. */
export interface Wait {
  readonly kind: 'wait';
  readonly until: number;
  readonly outputs: Readonly<Record<string, unknown>>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export type Outcome = Done | Wait;

export type Executor<C extends NodeDefinition = NodeDefinition> = (
  input: StepInput<C>,
  capabilities: Capabilities,
) => Promise<Outcome> | Outcome;

/** An executor of some node type; whoever calls it has matched it with its definition. */
export type AnyExecutor = (input: never, capabilities: Capabilities) => Promise<Outcome> | Outcome;

/** A failure with a code, thrown by executors and capabilities; its message is for the person drawing. */
export class StepError extends Error {
  readonly code: string;
  /** Trying again cannot help (a wrong config, a refused destination). */
  readonly permanent: boolean;
  constructor(code: string, message: string, options: { permanent?: boolean } = {}) {
    super(message);
    this.code = code;
    this.permanent = options.permanent ?? false;
  }
}
