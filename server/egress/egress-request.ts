export interface EgressRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | null;
  /** Milliseconds for everything: connecting, redirects and reading the body. At most ten minutes. */
  timeoutMs: number;
  /** Bytes of the inflated body. At most 10 MiB. */
  maxBytes: number;
  followRedirects: boolean;
  /** Signs the request; it goes to the first origin only, and only to a host it is bound to. */
  auth?: EgressAuth;
}

/** A credential, as far as it is put into requests. */
export interface EgressAuth {
  /** For messages. */
  readonly name: string;
  readonly hosts: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

/** A request whose answer is read as it comes. */
export interface EgressStreamRequest extends Omit<EgressRequest, 'followRedirects'> {
  /** Milliseconds without a byte after which the answer counts as broken off. */
  readonly idleMs: number;
}
