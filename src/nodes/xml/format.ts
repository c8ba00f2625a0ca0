import { XMLBuilder } from 'fast-xml-parser';
import type { z } from 'zod';
import { StepError } from '#domain/node/executor.ts';
import { kindOf } from '#domain/node/item-path.ts';
import type { definition } from './definition.ts';

type Config = z.output<(typeof definition)['config']>;

const MAX_DEPTH = 200;
const NAME = /^[A-Za-z_:\u0080-\uFFFD][\w:.\-\u0080-\uFFFD]*$/;
// Control characters, which a document cannot hold even escaped.
const FORBIDDEN = /(?![\t\n\r])[\p{Cc}\uFFFE\uFFFF]/u;

/**
 * An object in the form `parseXml` gives as XML text.
 * @throws StepError `bad_element` naming the place that XML cannot hold.
 */
export function formatXml(value: unknown, { root, indent, declaration }: Config): string {
  const document = root === '' ? value : { [root]: value };
  const roots = typeof document === 'object' && document !== null ? Object.entries(document) : [];
  if (Array.isArray(document) || roots.length !== 1 || Array.isArray(roots[0]?.[1])) {
    throw badElement(
      '',
      `A document has exactly one root element, but ${rootsIn(value)} arrived. Name one under “Root element”.`,
    );
  }
  check(document, '', 0);
  const builder = new XMLBuilder({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    suppressBooleanAttributes: false,
    format: indent,
    maxNestedTags: MAX_DEPTH + 1,
  });
  const head = declaration ? `<?xml version="1.0" encoding="UTF-8"?>${indent ? '\n' : ''}` : '';
  return head + builder.build(document);
}

function rootsIn(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return kindOf(value);
  const count = Object.keys(value).length;
  return count === 1 ? 'a list' : `an object with ${count} keys`;
}

function check(value: unknown, path: string, depth: number): void {
  if (depth > MAX_DEPTH) throw badElement(path, `It is nested more than ${MAX_DEPTH} levels deep.`);
  if (typeof value === 'string' && FORBIDDEN.test(value)) {
    throw badElement(path, 'The text holds a control character, which XML cannot.');
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const at = path === '' ? key : `${path}.${key}`;
    if (!Array.isArray(value)) checkKey(key, inner, at);
    check(inner, at, depth + 1);
  }
}

function checkKey(key: string, inner: unknown, at: string): void {
  const isScalar = typeof inner !== 'object' || inner === null;
  if (key === '#text' || key.startsWith('@')) {
    if (!isScalar) throw badElement(at, `“${key}” takes a text or a number, not ${kindOf(inner)}.`);
    if (key === '#text') return;
  }
  if (!NAME.test(key.replace(/^@/, ''))) {
    throw badElement(at, `“${key}” cannot be a name in XML: it begins with a letter and has no spaces.`);
  }
}

function badElement(path: string, why: string): StepError {
  const where = path === '' ? '' : `At “${path.slice(0, 200)}”: `;
  return new StepError('bad_element', where + why, { permanent: true });
}
