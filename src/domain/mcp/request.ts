import type { CredentialReference } from '../credential/reference.ts';

/** A server of the Model Context Protocol, reached by streamable HTTP. */
export interface McpPlace {
  readonly url: string;
  /** Signs the requests; whoever asks never sees what it holds. */
  readonly credential: CredentialReference | null;
  /** Of every single request. */
  readonly timeoutMs: number;
}

/** What steps ask of a server of the Model Context Protocol. */
export type McpRequest =
  | { readonly kind: 'list'; readonly server: McpPlace }
  | {
      readonly kind: 'call';
      readonly server: McpPlace;
      /** As `list` names it. */
      readonly tool: string;
      readonly args: Readonly<Record<string, unknown>>;
    };

/** A tool of a server. What it says about itself is the server's word. */
export interface McpTool {
  /** Letters, digits, `_` and `-`, at most 64; unique within the server. */
  readonly name: string;
  readonly description: string;
  /** JSON Schema of an object. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
  /** It may change something for good. */
  readonly destructive: boolean;
}

export interface McpResult {
  readonly isError: boolean;
  /** Text where that is all there is; else JSON. */
  readonly value: unknown;
}

interface McpAnswers {
  readonly list: readonly McpTool[];
  readonly call: McpResult;
}

export type McpAnswer<R extends McpRequest> = McpAnswers[R['kind']];
