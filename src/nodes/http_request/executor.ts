import { parseBounded } from '#domain/bounded-json.ts';
import { type Executor, type HttpResponse, StepError } from '#domain/node/executor.ts';
import type { definition } from './definition.ts';
import { requestOf } from './request.ts';

/** Statuses that ask to be tried again; every other 4xx stays the same however often it is asked. */
const WORTH_RETRYING = [408, 423, 425, 429];

export const execute: Executor<typeof definition> = async (step, capabilities) => {
  const { config, inputs, idempotencyKey } = step;
  const request = requestOf({ config, headers: inputs.headers, query: inputs.query, idempotencyKey });
  const answer = await capabilities.http(request);
  capabilities.log(
    `${request.method} ${withoutQuery(answer.url)} answered ${answer.status} in ${answer.durationMs} ms`,
  );
  if (config.fail_on_error_status && answer.status >= 400) throw failure(request.method, answer);
  const body = bodyOf(answer);
  const { status, headers, url, durationMs } = answer;
  return {
    kind: 'done',
    outputs: { response: { status, headers, body, url, duration_ms: durationMs }, body },
  };
};

function bodyOf({ headers, body }: HttpResponse): unknown {
  const type = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  if (!/^[^;]*[/+]json\s*(;|$)/i.test(type)) return body;
  if (body === '') return null;
  try {
    return parseBounded(body);
  } catch {
    // The server called it JSON and it is not, or nothing can walk it; the text is still the answer.
    return body;
  }
}

function failure(method: string, { url, status, body }: HttpResponse): StepError {
  const start = body.trim().slice(0, 200);
  const message = `${method} ${withoutQuery(url)} answered ${status}.${start === '' ? '' : ` It said: ${start}`}`;
  return new StepError('http_status', message, {
    permanent: status < 500 && !WORTH_RETRYING.includes(status),
  });
}

/** Queries often carry keys, and these lines are shown and stored. */
function withoutQuery(url: string): string {
  return url.split(/[?#]/, 1)[0] ?? url;
}
