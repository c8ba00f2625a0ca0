import type { FieldProblem, ProblemDetail } from '#domain/problem.ts';

/** A failed request in the words of the API, or what the browser knows when no answer came at all. */
export interface ClientProblem {
  /** A problem code of the API, or `offline` when the server could not be reached. */
  readonly code: string;
  /** HTTP status; null when no answer came. */
  readonly status: number | null;
  /** One sentence for the person. */
  readonly message: string;
  readonly detail: ProblemDetail;
  /** Messages by the path of the field, such as `name` or `document.nodes.0`. */
  readonly fields: Readonly<Record<string, string>>;
  /** The separate complaints of a refused document or graph. */
  readonly complaints: readonly string[];
  /** What the server sends beside the detail, such as the commands a stale save has missed. */
  readonly extra: Readonly<Record<string, unknown>>;
}

const UNREACHABLE = 'The server cannot be reached. Check that Pipewright is running, then try again.';

const CODE_OF_STATUS: Readonly<Record<number, string>> = {
  400: 'bad_request',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'timeout',
  409: 'conflict',
  413: 'too_large',
  415: 'unsupported_media',
  422: 'invalid',
  429: 'too_many',
  500: 'internal',
};
/** A starting or restarting server, or the gateway in front of it: the same to the person as no answer. */
const NOT_THERE: readonly number[] = [502, 503, 504];

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Any thrown value as a {@link ClientProblem}; never throws itself. */
export function readProblem(error: unknown): ClientProblem {
  const text = error instanceof Error ? error.message : String(error);
  const data = record(record(error)['data']);
  const status = typeof data['httpStatus'] === 'number' ? data['httpStatus'] : null;
  const unanswered =
    status === null && (error instanceof TypeError || record(error)['name'] === 'TRPCClientError');
  if (unanswered || (status !== null && NOT_THERE.includes(status))) {
    return {
      code: 'offline',
      status,
      message: UNREACHABLE,
      detail: UNREACHABLE,
      fields: {},
      complaints: [],
      extra: {},
    };
  }
  const detail = (data['detail'] ?? text) as ProblemDetail;
  return {
    code:
      typeof data['problem'] === 'string' ? data['problem'] : (CODE_OF_STATUS[status ?? 500] ?? 'internal'),
    status,
    detail,
    ...wordsOf(detail),
    extra: record(data['extra']),
  };
}

function wordsOf(detail: ProblemDetail): Pick<ClientProblem, 'message' | 'fields' | 'complaints'> {
  if (typeof detail === 'string') return { message: detail, fields: {}, complaints: [] };
  if ('validation_errors' in detail) {
    const complaints = detail.validation_errors;
    const [only] = complaints;
    const message = complaints.length === 1 && only ? only : `${complaints.length} things must be put right.`;
    return { message, fields: {}, complaints };
  }
  const fields: Record<string, string> = {};
  for (const one of detail) fields[pathOf(one)] ??= one.msg;
  const complaints = detail.map((one) => (pathOf(one) ? `${pathOf(one)}: ${one.msg}` : one.msg));
  return { message: complaints.join(' ') || 'The request was refused.', fields, complaints };
}

const pathOf = (one: FieldProblem): string =>
  one.loc.filter((part, at) => at > 0 || part !== 'body').join('.');

/** Whether the session has ended (or never was). */
export function isSignedOut(error: unknown): boolean {
  return readProblem(error).status === 401;
}
