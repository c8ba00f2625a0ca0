import { RenderBudget } from '#domain/expression/budget.ts';
import { readPath } from '#domain/expression/reference.ts';
import { type MissingPolicy, renderSimple } from '#domain/expression/render.ts';
import { missingReason, type TemplateContext } from '#domain/expression/resolve.ts';
import { isTemplate, parseTemplate, type Template } from '#domain/expression/template.ts';
import { MissingValueError } from '#domain/expression/template-error.ts';
import { createThreadPool, ThreadError, type ThreadPool } from '../thread/pool.ts';
import { PARSE_LIMIT } from './liquid.ts';
import type { TemplateMessage, TemplateReply } from './protocol.ts';
import { scopeOf } from './scope.ts';
import { TemplateFailure } from './template-failure.ts';
import { mapTexts } from './walk.ts';

export interface RenderOptions {
  missing: MissingPolicy;
}

/**
 * Renders configurations: JSON in which every text is a template. Keys are not rendered. The outcome shares what
 * did not change with the configuration and whole-value references with the context: treat it as read-only.
 * Errors: MissingValueError, TemplateSyntaxError and TemplateLimitError of the domain, and TemplateFailure.
 */
export interface TemplateRenderer {
  render(
    value: unknown,
    context: TemplateContext,
    options: RenderOptions,
    signal: AbortSignal,
  ): Promise<unknown>;
  /** The outcome at once when no Liquid is in the value, undefined when a thread is needed: then use `render`. */
  renderSync(value: unknown, context: TemplateContext, options: RenderOptions): unknown;
  close(): Promise<void>;
}

const WALL_MS = 1_000;
const MAX_SCOPE_BYTES = 4 * 1024 * 1024;
/** What one configuration may come to; a step's data may not be larger either. */
const MAX_RENDERED = 10 * 1024 * 1024;
const CACHED_TEMPLATES = 5_000;
const CACHED_LENGTH = 8_192;

const THREAD_LIMITS = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 };

/** @param options.workers most Liquid renderings at a time; threads start when first needed */
export function createTemplateRenderer({ workers }: { workers: number }): TemplateRenderer {
  const pool = createThreadPool({
    script: new URL('./thread.ts', import.meta.url),
    size: Math.max(1, workers),
    warm: 0,
    resourceLimits: THREAD_LIMITS,
  });
  const parse = cachedParser();
  const renderSync = (value: unknown, context: TemplateContext, options: RenderOptions): unknown => {
    const budget = new RenderBudget(MAX_RENDERED);
    let liquid = false;
    const rendered = mapTexts(value, (text) => {
      if (liquid || !isTemplate(text)) return text;
      const template = parse(text);
      liquid = template.liquid;
      return liquid ? text : renderSimple(template, context, { missing: options.missing, budget });
    });
    return liquid ? undefined : rendered;
  };
  const render: TemplateRenderer['render'] = async (value, context, options, signal) => {
    const atOnce = renderSync(value, context, options);
    if (atOnce !== undefined) return atOnce;
    const sources = liquidTexts(value, parse);
    const texts = await renderLiquid({ pool, sources, context, options, signal });
    const budget = new RenderBudget(MAX_RENDERED);
    return mapTexts(value, (text) => {
      const done = texts.get(text);
      budget.spendText(done?.length ?? 0);
      if (done !== undefined || !isTemplate(text)) return done ?? text;
      return renderSimple(parse(text), context, { missing: options.missing, budget });
    });
  };
  return { render, renderSync, close: () => pool.close() };
}

/** Parses each template once; the oldest are forgotten first. */
function cachedParser(): (text: string) => Template {
  const cache = new Map<string, Template>();
  return (text) => {
    const known = cache.get(text);
    if (known) return known;
    const template = parseTemplate(text);
    if (text.length > CACHED_LENGTH) return template;
    if (cache.size >= CACHED_TEMPLATES) {
      for (const oldest of cache.keys()) {
        cache.delete(oldest);
        break;
      }
    }
    cache.set(text, template);
    return template;
  };
}

function liquidTexts(value: unknown, parse: (text: string) => Template): string[] {
  const found = new Set<string>();
  mapTexts(value, (text) => {
    if (isTemplate(text) && parse(text).liquid) found.add(text);
    return text;
  });
  return [...found];
}

interface LiquidJob {
  pool: ThreadPool;
  sources: string[];
  context: TemplateContext;
  options: RenderOptions;
  signal: AbortSignal;
}

/** Renders Liquid templates in a thread; the texts by template. */
async function renderLiquid({
  pool,
  sources,
  context,
  options,
  signal,
}: LiquidJob): Promise<Map<string, string>> {
  if (sources.some((source) => source.length > PARSE_LIMIT)) {
    throw new TemplateFailure(
      'template_limit',
      `A template has more than ${PARSE_LIMIT} characters. Split it up.`,
    );
  }
  const scope = JSON.stringify(scopeOf(sources, context));
  if (Buffer.byteLength(scope) > MAX_SCOPE_BYTES) {
    throw new TemplateFailure(
      'template_limit',
      'The data this template refers to is larger than 4 MiB. Use plain references without filters, or a code node.',
    );
  }
  const message: TemplateMessage = { templates: sources, scope, strict: options.missing === 'error' };
  const reply = await pool.run({ message, wallMs: WALL_MS, signal }).catch((error: unknown) => {
    throw error instanceof ThreadError ? toFailure(error) : error;
  });
  return textsOf(reply as TemplateReply, sources, context);
}

function textsOf(reply: TemplateReply, sources: string[], context: TemplateContext): Map<string, string> {
  switch (reply.kind) {
    case 'rendered':
      return new Map(sources.map((source, i) => [source, reply.texts[i] ?? '']));
    case 'missing': {
      const path = readPath(reply.expression, 0)?.path;
      throw new MissingValueError(reply.expression, path ? missingReason(context, path) : 'it is not there.');
    }
    case 'failed':
      throw new TemplateFailure(reply.code, reply.message);
  }
}

function toFailure(error: ThreadError): TemplateFailure {
  switch (error.reason) {
    case 'aborted':
      return new TemplateFailure('aborted', 'The rendering was stopped.');
    case 'closed':
      return new TemplateFailure('aborted', 'The server is shutting down.');
    case 'timeout':
      return new TemplateFailure(
        'template_limit',
        'The template took longer than 1 s. Make it smaller, or use a code node.',
      );
    case 'memory':
      return new TemplateFailure(
        'template_limit',
        'The template needed too much memory. Make it smaller, or use a code node.',
      );
    case 'crashed':
      return new TemplateFailure('template_error', 'The template broke the renderer and was stopped.');
  }
}
