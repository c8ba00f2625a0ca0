import { type WorkflowDocument, workflowDocument } from '#contract/workflow.ts';

export const MAX_IMPORT_BYTES = 10 * 1024 * 1024;

export type ReadImport =
  | { readonly ok: true; readonly document: WorkflowDocument }
  /** `faults` name places in the file, the first few. */
  | { readonly ok: false; readonly message: string; readonly faults: readonly string[] };

const refusal = (message: string, faults: readonly string[] = []): ReadImport => ({
  ok: false,
  message,
  faults,
});

/** Reads the text of an exported file and says, in words, why it cannot be imported. */
export function readImport(text: string): ReadImport {
  if (text.trim() === '') return refusal('The file is empty.');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    return refusal('The file is not valid JSON. Export the workflow again.', reason === '' ? [] : [reason]);
  }
  if (typeof value !== 'object' || value === null || !('format' in value)) {
    return refusal('This is JSON, but not a workflow exported from Pipewright.');
  }
  const read = workflowDocument.safeParse(value);
  if (read.success) return { ok: true, document: read.data };
  const faults = read.error.issues
    .slice(0, 5)
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join(' › ')}: ${message}`));
  const more = read.error.issues.length - faults.length;
  return refusal(
    'The workflow in this file is damaged.',
    more > 0 ? [...faults, `and ${more} more`] : faults,
  );
}
