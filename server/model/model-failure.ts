import { APICallError, JSONParseError, UnsupportedFunctionalityError } from '@ai-sdk/provider';
import { StepError } from '#domain/node/executor.ts';
import { EgressError } from '#server/egress/egress-error.ts';
import { retryAfterMs } from './retry-after.ts';

/** Why a call gave no answer. */
export interface ModelFailure {
  readonly error: StepError;
  /** The same call may well succeed soon. */
  readonly retryable: boolean;
  /** Milliseconds the provider wants to be left alone; null: it did not say. */
  readonly waitMs: number | null;
}

export interface FailedCall {
  /** The credential's name, for messages. */
  readonly credential: string;
  readonly host: string;
  readonly model: string;
  /** Part of the answer had arrived. */
  readonly began: boolean;
  /** The step was stopped. */
  readonly stopped: boolean;
}

const MAX_WORDS = 500;
/** Longer than this nobody waits within a step. */
export const MAX_WAIT_MS = 30_000;

/** What went wrong, in words for the person who drew the workflow. Its message may hold what the provider said. */
export function modelFailure(thrown: unknown, call: FailedCall): ModelFailure {
  if (call.stopped) return final('aborted', 'The call of the model was stopped.', false);
  if (thrown instanceof StepError) return { error: thrown, retryable: false, waitMs: null };
  const egress = causeOf(thrown, (one): one is EgressError => one instanceof EgressError);
  if (egress) return fromEgress(egress, call);
  const api = causeOf(thrown, (one): one is APICallError => APICallError.isInstance(one));
  if (api && api.statusCode !== undefined && api.statusCode >= 300) return fromStatus(api, call);
  if (UnsupportedFunctionalityError.isInstance(thrown)) {
    return final(
      'model_bad_request',
      `${subject(call)} cannot be given this: ${thrown.functionality} is not supported.`,
    );
  }
  const said = overloaded(thrown);
  if (said !== null) return passing('model_unreachable', `${subject(call)} is overloaded. ${said}`);
  if (api || JSONParseError.isInstance(thrown) || call.began) return broken(call);
  const words = thrown instanceof Error ? thrown.message : '';
  return final('model_bad_request', `${subject(call)} could not be asked. ${quoted(words)}`.trim());
}

const subject = ({ model, host }: FailedCall): string => `The model “${model}” at ${host}`;

const final = (code: string, message: string, permanent = true): ModelFailure => ({
  error: new StepError(code, message, { permanent }),
  retryable: false,
  waitMs: null,
});

const passing = (code: string, message: string, waitMs: number | null = null): ModelFailure => ({
  error: new StepError(code, message),
  retryable: true,
  waitMs,
});

/** The answer broke off or cannot be read. */
export const broken = (call: FailedCall): ModelFailure =>
  passing('model_broken_stream', `${subject(call)} broke off in the middle of its answer.`);

function fromEgress({ code, message }: EgressError, call: FailedCall): ModelFailure {
  if (code === 'too_large') return final('model_broken_stream', `${subject(call)} sent too much. ${message}`);
  if (code === 'unreachable' || code === 'timeout') {
    return call.began
      ? broken(call)
      : passing('model_unreachable', `${subject(call)} is not there. ${message}`);
  }
  // The destination or the credential is refused, whatever is tried.
  return final(code, message);
}

function fromStatus(error: APICallError, call: FailedCall): ModelFailure {
  const status = error.statusCode ?? 0;
  const words = wordsOf(error);
  const says = words === '' ? '' : ` It says: ${words}`;
  switch (status) {
    case 401:
    case 403:
      return final(
        'model_refused_key',
        `${call.host} refused the key of “${call.credential}” (${status}): it is wrong, expired or may not use “${call.model}”. Correct the credential.`,
      );
    case 402:
      return outOfCredit(call, says);
    case 404:
      return final(
        'model_not_found',
        `${call.host} knows no model “${call.model}”. Choose one from the list of the provider, and check the base_url of “${call.credential}”.${says}`,
      );
    case 429:
      return limited(error, call, says);
    case 408:
    case 409:
      return passing('model_unreachable', `${subject(call)} answered ${status}.${says}`);
  }
  if (status >= 500) {
    const waitMs = retryAfterMs(error.responseHeaders?.['retry-after']);
    return passing(
      'model_unreachable',
      `${subject(call)} is out of order: it answered ${status}.${says}`,
      waitMs,
    );
  }
  if (/content.?(filter|policy)/i.test(error.responseBody ?? '')) {
    return final('content_filtered', `${call.host} refused the prompt because of what it says.${says}`);
  }
  return final('model_bad_request', `${subject(call)} did not accept the request (${status}).${says}`);
}

const outOfCredit = (call: FailedCall, says: string): ModelFailure =>
  final(
    'model_out_of_credit',
    `The account behind “${call.credential}” is used up at ${call.host}.${says}`,
    false,
  );

function limited(error: APICallError, call: FailedCall, says: string): ModelFailure {
  const waitMs = retryAfterMs(error.responseHeaders?.['retry-after']);
  if (/insufficient_quota/.test(error.responseBody ?? '')) return outOfCredit(call, says);
  if (waitMs !== null && waitMs > MAX_WAIT_MS) {
    const seconds = Math.ceil(waitMs / 1000);
    const message = `${call.host} takes no more requests for ${seconds} s. Ask less often, or try again later.`;
    return final('rate_limited', message, false);
  }
  return passing(
    'rate_limited',
    `${call.host} takes no more requests for now. Ask less often, or try again later.`,
    waitMs,
  );
}

/** The sentence of an error, as short as it is worth. */
function wordsOf({ data, message, responseBody }: APICallError): string {
  const error = field(data, 'error');
  const sentence = field(error, 'message') ?? error ?? field(data, 'message');
  if (typeof sentence === 'string') return quoted(sentence);
  return responseBody === undefined || responseBody === '' ? '' : quoted(message);
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

const quoted = (words: string): string =>
  words.length > MAX_WORDS ? `${words.slice(0, MAX_WORDS)}…` : words;

/** Errors may also come as events of a stream that began well. */
function overloaded(thrown: unknown): string | null {
  const error = field(thrown, 'error') ?? thrown;
  const type = field(error, 'type');
  if (typeof type !== 'string' || !/overloaded|api_error|server_error|rate_limit/.test(type)) return null;
  const message = field(error, 'message');
  return typeof message === 'string' ? quoted(message) : '';
}

function causeOf<T>(thrown: unknown, is: (one: unknown) => one is T): T | null {
  for (let one = thrown, depth = 0; one !== undefined && depth < 5; depth++) {
    if (is(one)) return one;
    one = one instanceof Error ? one.cause : undefined;
  }
  return null;
}
