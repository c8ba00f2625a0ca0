import type { RenderBudget } from './budget.ts';
import type { Reference } from './reference.ts';
import { resolvePath, resolveReference, type TemplateContext } from './resolve.ts';
import { isWholeReference, type Template } from './template.ts';

/** What a missing value does: stop with an error (the default), or stand for empty text. */
export type MissingPolicy = 'error' | 'empty';

export interface RenderOptions {
  /** `error` when left out. */
  missing?: MissingPolicy;
  /** Bounds what is put together; may be shared by several templates. */
  budget?: RenderBudget;
}

/**
 * Renders a template of simple references. A template that is exactly one reference gives the value itself, with
 * its type; otherwise text, in which objects and lists are JSON and null is nothing. One pass: braces inside the
 * values are data and stay as they are. The value of a whole reference is shared with the context, not copied.
 * @throws MissingValueError naming the expression, unless the policy is `empty`
 * @throws TemplateLimitError when the budget is used up
 * @throws TypeError for a Liquid template, which only the server's renderer can evaluate
 */
export function renderSimple(
  template: Template,
  context: TemplateContext,
  options: RenderOptions = {},
): unknown {
  const { missing = 'error', budget } = options;
  const [first] = template.parts;
  if (isWholeReference(template) && first?.kind === 'reference') {
    const value = valueOf(first.reference, context, missing);
    budget?.spend(value);
    return value;
  }
  let text = '';
  for (const part of template.parts) {
    if (part.kind === 'liquid') throw new TypeError('This template holds Liquid; use the renderer.');
    const piece = part.kind === 'text' ? part.text : asText(valueOf(part.reference, context, missing));
    budget?.spendText(piece.length);
    text += piece;
  }
  return text;
}

/** A value as it appears inside text. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function valueOf(reference: Reference, context: TemplateContext, missing: MissingPolicy): unknown {
  if (missing === 'error') return resolveReference(context, reference);
  const value = resolvePath(context, reference.path);
  return value === undefined ? '' : value;
}
