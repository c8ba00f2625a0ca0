import { CORE_SCHEMA, dump } from 'js-yaml';
import { type WorkflowDocument, workflowDocument } from '#contract/workflow.ts';
import { AppError } from '#domain/problem.ts';
import { refuseUnsafe } from '#server/http/json-text.ts';
import { readYaml } from './yaml.ts';

export const DOCUMENT_FORMATS = ['json', 'yaml'] as const;
export type DocumentFormat = (typeof DOCUMENT_FORMATS)[number];

const MAX_FAULTS = 20;

/** A document as people keep it in files; `documentFromText` reads it back as it was. */
export function documentAsText(document: unknown, format: DocumentFormat): string {
  if (format === 'json') return `${JSON.stringify(document, null, 2)}\n`;
  return dump(document, { schema: CORE_SCHEMA, lineWidth: -1, noRefs: true });
}

/**
 * The document in a text of YAML or JSON.
 * @throws AppError `invalid` with a sentence for each place that is wrong, the first ones
 */
export function documentFromText(text: string): WorkflowDocument {
  const value = parsed(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refused([
      'This is no workflow document: it has to be a mapping with format, workflow, nodes and edges.',
    ]);
  }
  if (Reflect.get(value, 'format') !== 'pipewright/workflow') {
    const hint = 'steps' in value || 'based_on' in value ? ' Steps are for POST /workflows/from-dsl/.' : '';
    throw refused([`format: A workflow document says “pipewright/workflow” here.${hint}`]);
  }
  refuseUnsafe(value, ['body', 'text']);
  const read = workflowDocument.safeParse(value);
  if (read.success) return read.data;
  const faults = read.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
  const more = faults.length - MAX_FAULTS;
  throw refused([...faults.slice(0, MAX_FAULTS), ...(more > 0 ? [`And ${more} more.`] : [])]);
}

function parsed(text: string): unknown {
  try {
    return readYaml(text);
  } catch (error) {
    // The rest of a YAML complaint draws the text itself.
    const [why = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw refused([`The text is neither YAML nor JSON: ${why.replace(/[:.]?$/, '.')}`]);
  }
}

const refused = (errors: readonly string[]): AppError =>
  new AppError('invalid', { validation_errors: errors });
