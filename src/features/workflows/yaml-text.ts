import type { ReadImport } from './import-document.ts';

const MAX_ALIASES = 100;
const MAX_DEPTH = 100;

type Read = { readonly ok: true; readonly json: string } | Extract<ReadImport, { ok: false }>;

/** A text of YAML as JSON; the reader of YAML is loaded when it is first needed. */
export async function jsonOfYaml(text: string): Promise<Read> {
  const { CORE_SCHEMA, load } = await import('js-yaml');
  try {
    const value = load(text, { schema: CORE_SCHEMA, maxAliases: MAX_ALIASES, maxDepth: MAX_DEPTH });
    return { ok: true, json: JSON.stringify(value ?? null) };
  } catch (error) {
    const [reason = ''] = (error instanceof Error ? error.message : '').split('\n');
    const message = 'The file is not valid YAML. Export the workflow again.';
    return { ok: false, message, faults: reason === '' ? [] : [reason] };
  }
}
