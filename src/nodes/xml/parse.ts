import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { z } from 'zod';
import { StepError } from '#domain/node/executor.ts';
import type { definition } from './definition.ts';
import { decodeEntities } from './entity.ts';

type Config = z.output<(typeof definition)['config']>;

/** Deeper documents are refused, since every level costs the reader a call. */
const MAX_DEPTH = 200;

/**
 * The document as an object with one key, its root element.
 * @throws StepError `bad_xml` with line and column, or `unsafe_xml`.
 */
export function parseXml(text: string, config: Config): Record<string, unknown> {
  if (declaresDoctype(text)) {
    const message = 'The document has a DOCTYPE, which is refused for safety. Remove it before this step.';
    throw new StepError('unsafe_xml', message, { permanent: true });
  }
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw badXml(`Line ${valid.err.line}, column ${valid.err.col ?? 1}: ${valid.err.msg}`);
  const document = read(text, config);
  const roots = Object.entries(document);
  if (roots.length !== 1 || (Array.isArray(roots[0]?.[1]) && roots[0][1].length !== 1)) {
    throw badXml('A document has exactly one root element.');
  }
  return tidied(document, config.trim) as Record<string, unknown>;
}

function read(text: string, { lists, namespaces }: Config): Record<string, unknown> {
  const names = new Set(lists);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
    removeNSPrefix: namespaces === 'drop',
    maxNestedTags: MAX_DEPTH,
    jPath: false,
    isArray: (name, _path, _leaf, isAttribute) => !isAttribute && names.has(name),
    entityDecoder: {
      decode: decodeEntities,
      setExternalEntities: () => undefined,
      addInputEntities: () => undefined,
      reset: () => undefined,
      setXmlVersion: () => undefined,
    },
  });
  try {
    return parser.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw badXml(error instanceof Error ? error.message : String(error));
  }
}

/** Whether there is a declaration of document types outside comments and character data. */
function declaresDoctype(text: string): boolean {
  let at = text.indexOf('<!');
  while (at !== -1) {
    const end = text.startsWith('<!--', at) ? '-->' : text.startsWith('<![CDATA[', at) ? ']]>' : null;
    if (end === null) return true;
    const closed = text.indexOf(end, at + 4);
    if (closed === -1) return false;
    at = text.indexOf('<!', closed);
  }
  return false;
}

/** Without the spaces between elements, which mean nothing. */
function tidied(value: unknown, trim: boolean): unknown {
  if (typeof value === 'string') return trim ? value.trim() : value;
  if (Array.isArray(value)) return value.map((one) => tidied(one, trim));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .map(([key, inner]): [string, unknown] => [
      key,
      key.startsWith('@') ? inner : tidied(inner, trim || isBlank(key, inner)),
    ])
    .filter(([key, inner]) => key !== '#text' || inner !== '');
  return entries.length === 0 ? '' : Object.fromEntries(entries);
}

const isBlank = (key: string, inner: unknown): boolean =>
  key === '#text' && typeof inner === 'string' && inner.trim() === '';

const badXml = (why: string): StepError =>
  new StepError('bad_xml', `The text is not valid XML. ${why}${why.endsWith('.') ? '' : '.'}`, {
    permanent: true,
  });
