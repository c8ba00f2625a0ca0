import { parseBounded } from '../bounded-json.ts';
import { StepError } from './executor.ts';

/**
 * The value of a JSON config field. A drawn field holds either structured JSON, whose strings are templates of
 * their own, or text; rendered text is parsed here.
 *
 * @throws StepError `bad_json` naming the field when the text is no JSON.
 */
export function readJsonField(value: unknown, field: string): unknown {
  if (typeof value !== 'string') return value ?? null;
  try {
    return parseBounded(value);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StepError(
      'bad_json',
      `The field “${field}” is not valid JSON once its templates are filled in: ${why}. ` +
        'Put each {{ reference }} in quotes as a whole value, or use “| json”.',
      { permanent: true },
    );
  }
}

/** The value as text: text stays as it is, everything else becomes JSON, nothing becomes empty text. */
export function textOfValue(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
