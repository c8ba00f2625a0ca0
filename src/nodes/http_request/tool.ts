import { parseBounded } from '#domain/bounded-json.ts';
import { executorTool } from '#domain/node/executor-tool.ts';
import { textOfValue } from '#domain/node/json-field.ts';
import type { definition, HttpConfig, HttpMethod } from './definition.ts';
import { execute } from './executor.ts';

const SHOWN = 4000;

interface Args {
  readonly url?: string;
  readonly method?: HttpMethod;
  readonly body?: unknown;
}

export const tool = executorTool<typeof definition>({
  execute,
  config: ({ config, args }) => asked(config, args as Args),
  result: ({ response }) => {
    const { status, body } = response as { readonly status: number; readonly body: unknown };
    const text = textOfValue(body);
    const left = text.length - SHOWN;
    return `${status}\n${left > 0 ? `${text.slice(0, SHOWN)}\n… ${left} more characters` : text}`;
  },
});

/** A status of 400 or more is an answer for the model as well. */
function asked(config: HttpConfig, { method, body }: Args): HttpConfig {
  return {
    ...config,
    method: config.method ?? method,
    fail_on_error_status: false,
    ...(config.body_mode === 'none' && body !== undefined && bodyOf(body)),
  };
}

function bodyOf(body: unknown): Pick<HttpConfig, 'body_mode' | 'json' | 'text'> {
  if (typeof body !== 'string') return { body_mode: 'json', json: body as HttpConfig['json'], text: '' };
  try {
    return { body_mode: 'json', json: parseBounded(body) as HttpConfig['json'], text: '' };
  } catch {
    return { body_mode: 'text', json: {}, text: body };
  }
}
