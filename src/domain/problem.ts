/** Every error the product raises on purpose: its code, its HTTP status and its tRPC code. The only such table. */
export const PROBLEMS = {
  bad_request: { http: 400, rpc: 'BAD_REQUEST' },
  unauthenticated: { http: 401, rpc: 'UNAUTHORIZED' },
  forbidden: { http: 403, rpc: 'FORBIDDEN' },
  not_found: { http: 404, rpc: 'NOT_FOUND' },
  method_not_allowed: { http: 405, rpc: 'METHOD_NOT_SUPPORTED' },
  timeout: { http: 408, rpc: 'TIMEOUT' },
  conflict: { http: 409, rpc: 'CONFLICT' },
  too_large: { http: 413, rpc: 'PAYLOAD_TOO_LARGE' },
  unsupported_media: { http: 415, rpc: 'UNSUPPORTED_MEDIA_TYPE' },
  invalid: { http: 422, rpc: 'UNPROCESSABLE_CONTENT' },
  too_many: { http: 429, rpc: 'TOO_MANY_REQUESTS' },
  internal: { http: 500, rpc: 'INTERNAL_SERVER_ERROR' },
  bad_gateway: { http: 502, rpc: 'BAD_GATEWAY' },
  unavailable: { http: 503, rpc: 'SERVICE_UNAVAILABLE' },
} as const;
export type ProblemCode = keyof typeof PROBLEMS;

/** One faulty field of a request, as schema errors are reported on the wire. */
export interface FieldProblem {
  readonly type: string;
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly input?: unknown;
}

export type ProblemDetail =
  | string
  | { readonly validation_errors: readonly string[] }
  | readonly FieldProblem[];

/**
 * The only error class thrown on purpose above the engine. `detail` goes to the client as it is; `extra` is sent
 * beside it (such as the commands a stale save has missed).
 */
export class AppError extends Error {
  readonly code: ProblemCode;
  readonly detail: ProblemDetail;
  readonly extra: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds: number | null;
  constructor(
    code: ProblemCode,
    detail: ProblemDetail,
    options: { extra?: Record<string, unknown>; retryAfterSeconds?: number } = {},
  ) {
    super(typeof detail === 'string' ? detail : JSON.stringify(detail));
    this.code = code;
    this.detail = detail;
    this.extra = options.extra ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }
}
