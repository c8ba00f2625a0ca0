import type { z } from 'zod';
import type { CredentialReference } from '../credential/reference.ts';
import type { AiCapabilities } from './ai-capability.ts';
import type { NodeDefinition } from './definition.ts';
import type { Parts } from './part.ts';
import type { Resumed, Suspend } from './suspend.ts';

export { StepError } from './step-error.ts';
export type { Resumed, Suspend } from './suspend.ts';

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly followRedirects: boolean;
  /** Signs the request; the executor never sees what it holds. */
  readonly credential?: CredentialReference;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly url: string;
  readonly durationMs: number;
}

export interface CodeRequest {
  /** `javascript` if absent. */
  readonly language?: 'javascript' | 'python';
  readonly source: string;
  readonly globals: Readonly<Record<string, unknown>>;
  readonly timeoutMs: number;
  readonly memoryMb: number;
}

/** A program of the host, never a shell string. */
export interface CommandRequest {
  readonly program: string;
  readonly args: readonly string[];
  readonly stdin: string | null;
  /** The whole environment of the program, beside a fixed PATH. */
  readonly env: Readonly<Record<string, string>>;
  /** The name of a workspace of the workflow's owner; null: a fresh empty folder. */
  readonly folder: string | null;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly onOutput: (stream: 'stdout' | 'stderr', text: string) => void;
}

export interface CommandResult {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly truncated: boolean;
  readonly durationMs: number;
}

export interface MailServer {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly user: string | null;
  readonly password: string | null;
}

export interface MailMessage {
  /** A server with its login, or the credential that names both. */
  readonly server: MailServer | { readonly credential: CredentialReference };
  readonly from: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
}

/** A mail whose server is known. */
export type OutgoingMail = Omit<MailMessage, 'server'> & { readonly server: MailServer };

export interface ChildRequest {
  /** Its slug; the same environment. */
  readonly workflow: string;
  /** A trigger node of it; null: its workflow trigger, else its manual one. */
  readonly trigger: string | null;
  readonly payload: unknown;
  /** Tells several children of one step apart; from 0. */
  readonly index: number;
}

export interface ApprovalRequest {
  readonly prompt: string;
  /** Usernames or roles who may decide; empty: everybody who may operate the workflow. */
  readonly approvers: readonly string[];
  /** Approvals it takes; one rejection is enough to reject. */
  readonly needed: number;
  /** Whether who started the run may decide. */
  readonly allowSelf: boolean;
  /** Milliseconds since the epoch; null: no limit. */
  readonly expiresAt: number | null;
  /** Which of several questions of the step it is, such as the call of a tool it is about; empty if absent. */
  readonly call?: string;
  /** Also make addresses that answer without signing in: one for each approver, else as many as are needed. */
  readonly withLinks: boolean;
}

export interface ApprovalLink {
  /** The approver it was made for, or a number where nobody is named. */
  readonly holder: string;
  /** Good for one answer. Asking again makes new ones and ends those not yet used. */
  readonly url: string;
}

/** Something outside that a step waits for. `source` names the signal that will come. */
export interface Awaited {
  readonly source: string;
}

/**
 * The outside world as an executor may see it. Every member honours the step's abort signal by itself, rejects with
 * a StepError, and may be called again by a later attempt of the same step with the same effect.
 */
export interface Capabilities extends AiCapabilities {
  /** The one guarded outbound HTTP client. */
  readonly http: (request: HttpRequest) => Promise<HttpResponse>;
  /** User code in the killable sandbox. */
  readonly code: (request: CodeRequest) => Promise<{ value: unknown; logs: readonly string[] }>;
  /** A program of the host, in a process group of its own. Refused unless the operator enabled it. */
  readonly command: (request: CommandRequest) => Promise<CommandResult>;
  /** Sends one mail. */
  readonly mail: (message: MailMessage) => Promise<{ messageId: string; accepted: readonly string[] }>;
  /** Starts a run of another workflow. The signal of its end carries `{ execution_id, status, output, error }`. */
  readonly startRun: (request: ChildRequest) => Promise<Awaited & { executionId: string }>;
  /** Asks people. The signal carries `{ confirmed, response, decided_by }`. */
  readonly askApproval: (request: ApprovalRequest) => Promise<Awaited & { links: readonly ApprovalLink[] }>;
  /** An address to call. The signal carries the call: `{ method, query, headers, body }`. */
  readonly awaitCall: (request: { expiresAt: number | null }) => Promise<Awaited & { url: string }>;
  /** Checks a workflow document (JSON or YAML text) as an import would. */
  readonly checkWorkflow: (text: string) => Promise<WorkflowCheck>;
  /** A line for the step's log. */
  readonly log: (line: string) => void;
  /** Now, in milliseconds since the epoch. */
  readonly now: () => number;
}

export interface WorkflowCheck {
  readonly valid: boolean;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  readonly nodeCount: number;
  readonly edgeCount: number;
}

/** Which repetition of a loop a step belongs to. */
export interface LoopView {
  readonly item: unknown;
  /** From 0. */
  readonly index: number;
  readonly total: number;
  /** Around a loop in a loop. */
  readonly parent: LoopView | null;
}

export interface StepInput<C extends NodeDefinition = NodeDefinition> {
  /** Values by input port; `many` ports hold lists; ports without a taken edge are absent. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The node's config, templates already rendered and checked against its schema. */
  readonly config: z.output<C['config']>;
  /** What templates see as well: the trigger payload and every finished node's outputs by node id. */
  readonly trigger: unknown;
  readonly nodes: Readonly<Record<string, unknown>>;
  /** What is plugged into the node, by input port. */
  readonly parts: Parts;
  /** Null outside loops. */
  readonly loop: LoopView | null;
  /** Null until the step was suspended and goes on. */
  readonly resumed: Resumed | null;
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

export const ON_ITEM_ERROR = ['stop', 'continue', 'collect'] as const;
export type OnItemError = (typeof ON_ITEM_ERROR)[number];

/** One comparison with what a repetition returned. */
export interface BreakRule {
  /** Dotted path; empty: the whole value. */
  readonly field: string;
  readonly operator: string;
  readonly value: unknown;
}

/**
 * The step repeats its body, once for every item, and ends by itself with `results` (a list in the order of the
 * items) and, with `collect`, `errors`. Only nodes with a `loop: 'body'` port may answer so.
 */
export interface Iterate {
  readonly kind: 'iterate';
  readonly items: readonly unknown[];
  /** Repetitions under way at once; at least 1. */
  readonly parallelism: number;
  readonly onItemError: OnItemError;
  /** No repetition is begun any more once one has returned something all rules hold for. */
  readonly breakWhen: readonly BreakRule[];
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export type Outcome = Done | Wait | Suspend | Iterate;

export type Executor<C extends NodeDefinition = NodeDefinition> = (
  input: StepInput<C>,
  capabilities: Capabilities,
) => Promise<Outcome> | Outcome;

/** An executor of some node type; whoever calls it has matched it with its definition. */
export type AnyExecutor = (input: never, capabilities: Capabilities) => Promise<Outcome> | Outcome;
