import { AppError, PROBLEMS } from '#domain/problem.ts';
import { databaseProblem } from './database-problem.ts';

export interface ProblemAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  /** Nobody meant this to happen: it belongs in the log. */
  readonly unexpected: boolean;
}

/** Whatever was thrown, as the problem the caller is told about. */
export function problemOf(error: unknown): AppError {
  if (error instanceof AppError) return error;
  return (
    databaseProblem(error) ??
    new AppError('internal', 'Something went wrong on the server. It has been logged.')
  );
}

/** The error as an HTTP answer: `{ detail, code, … }`, with the request's id where only the log says more. */
export function answerOf(error: unknown, requestId: string): ProblemAnswer {
  const problem = problemOf(error);
  const unexpected = problem.code === 'internal';
  return {
    status: PROBLEMS[problem.code].http,
    headers: {
      ...(problem.code === 'unauthenticated' && { 'www-authenticate': 'Bearer' }),
      ...(problem.retryAfterSeconds !== null && { 'retry-after': String(problem.retryAfterSeconds) }),
    },
    body: {
      ...problem.extra,
      detail: problem.detail,
      code: problem.code,
      ...(unexpected && { request_id: requestId }),
    },
    unexpected,
  };
}
