import { parentPort } from 'node:worker_threads';
import { UndefinedVariableError } from 'liquidjs';
import { createLiquid, type ParsedLiquid } from './liquid.ts';
import type { TemplateMessage, TemplateReply } from './protocol.ts';

const CACHED_TEMPLATES = 500;
const CACHED_LENGTH = 8_192;
/** Characters all templates of a message may come to together. */
const MAX_OUTPUT = 4 * 1024 * 1024;

const liquid = createLiquid();
const parsed = new Map<string, ParsedLiquid>();

function parse(source: string): ParsedLiquid {
  const known = parsed.get(source);
  if (known) return known;
  const template = liquid.parse(source);
  if (source.length <= CACHED_LENGTH) {
    if (parsed.size >= CACHED_TEMPLATES) parsed.clear();
    parsed.set(source, template);
  }
  return template;
}

function answer({ templates, scope, strict }: TemplateMessage): TemplateReply {
  const texts: string[] = [];
  let length = 0;
  try {
    for (const source of templates) {
      // Parsed anew for each, so that no template can see what another did to the data.
      const data: Record<string, unknown> = JSON.parse(scope);
      const text = String(liquid.renderSync(parse(source), data, { strictVariables: strict }));
      length += text.length;
      if (length > MAX_OUTPUT) return tooMuch('comes to more than 4 MiB of text');
      texts.push(text);
    }
    return { kind: 'rendered', texts };
  } catch (error) {
    return failure(error);
  }
}

function failure(error: unknown): TemplateReply {
  if (!(error instanceof Error)) return { kind: 'failed', code: 'template_error', message: String(error) };
  if (error instanceof UndefinedVariableError) return { kind: 'missing', expression: error.token.getText() };
  if (/limit exceeded/.test(error.message)) return tooMuch('does too much work');
  if (error instanceof RangeError) return tooMuch('is nested too deeply or grows too large');
  const message = `The template cannot be rendered: ${error.message}.`;
  return { kind: 'failed', code: 'template_error', message };
}

function tooMuch(what: string): TemplateReply {
  const message = `The template ${what}. Make it smaller, or use a code node.`;
  return { kind: 'failed', code: 'template_limit', message };
}

parentPort?.on('message', (message: TemplateMessage) => parentPort?.postMessage(answer(message)));
parentPort?.postMessage('ready');
