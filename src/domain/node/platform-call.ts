import type { AiCapabilities, PlatformAnswer, PlatformRequest } from './ai-capability.ts';
import { StepError } from './executor.ts';

type Caller = Pick<AiCapabilities, 'platform'>;

/**
 * Calls an operation of the API and gives what it answers.
 * @throws StepError `platform_<status>`, permanent, with the API's reason in words
 */
export async function callPlatform<T = unknown>({ platform }: Caller, request: PlatformRequest): Promise<T> {
  const answer = await platform(request);
  if (answer.status < 400) return answer.body as T;
  throw new StepError(`platform_${answer.status}`, reasonOf(answer), { permanent: true });
}

/** Calls an operation by its name. @throws as {@link callPlatform} */
export const callOperation = <T = unknown>(
  caller: Caller,
  operation: string,
  input: Readonly<Record<string, unknown>> = {},
): Promise<T> => callPlatform<T>(caller, { operation, input });

/** Why the API refused, as one text. */
export function reasonOf({ status, body }: PlatformAnswer): string {
  const detail: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'detail') : null;
  if (typeof detail === 'string') return detail;
  if (Array.isArray(detail)) return detail.map(fieldText).join(' ');
  const errors: unknown =
    typeof detail === 'object' && detail !== null ? Reflect.get(detail, 'validation_errors') : null;
  return Array.isArray(errors) ? errors.join(' ') : `The API answered ${status}.`;
}

function fieldText(problem: unknown): string {
  const { loc, msg } = problem as { readonly loc?: readonly unknown[]; readonly msg?: unknown };
  const field = loc?.slice(1).join('.');
  return field ? `${field}: ${String(msg)}` : String(msg);
}

/** What of an object a model needs to know. */
export function pick<T extends object, K extends keyof T>(value: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(keys.filter((key) => key in value).map((key) => [key, value[key]])) as Pick<T, K>;
}
