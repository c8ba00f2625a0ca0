import { z } from 'zod';
import { type ToolFunction, toolFunction } from '#domain/node/tool.ts';
import { HTTP_METHODS, type HttpMethod } from './method.ts';

/** What the form says; an address or a method that is absent is for the agent to choose. */
interface Form {
  readonly url: string;
  readonly method?: HttpMethod | undefined;
  readonly body_mode: string;
}

const HARMLESS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];
const isHarmless = (method: HttpMethod | undefined): boolean => HARMLESS.includes(method ?? 'GET');

/** The function an HTTP request offers: what its form says stays, the model fills in what it leaves open. */
export function httpFunction({ url, method, body_mode }: Form): ToolFunction {
  const takesBody = body_mode === 'none' && (method === undefined || !isHarmless(method));
  const what = url ? `Calls ${method ?? 'GET'} ${shown(url)}` : 'Calls an address on the internet';
  const face = toolFunction({
    name: 'http_request',
    description: `${what} and gives the status and the beginning of the answer.`,
    parameters: z.object({
      ...(!url && {
        url: z
          .url({ protocol: /^https?$/ })
          .max(8000)
          .describe('The address, with http:// or https://.'),
      }),
      ...(method === undefined && { method: z.enum(HTTP_METHODS).optional().describe('GET if left out.') }),
      ...(takesBody && {
        body: z.unknown().optional().describe('What the request carries: JSON, or a text.'),
      }),
    }),
    destructive: !isHarmless(method) || method === undefined,
  });
  if (method !== undefined) return face;
  return { ...face, harmless: (args) => isHarmless((args as { method?: HttpMethod } | null)?.method) };
}

/** Queries often carry keys, which are no business of the model. */
const shown = (url: string): string => url.split(/[?#]/, 1)[0]?.slice(0, 300) ?? '';
