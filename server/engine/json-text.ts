import { StepError } from '#domain/node/executor.ts';

/** What one step may give to the next, and leave in the history. */
export const MAX_OUTPUT_BYTES = 10 * 1024 * 1024;

/** JSON text that a `json` column takes: JSON.stringify already escapes control characters and lone surrogates. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value) ?? 'null';
}

/**
 * A step's outputs as JSON text.
 * @throws StepError `output_too_large` above 10 MiB, `output_invalid` for what JSON cannot hold.
 */
export function outputText(outputs: unknown): string {
  let text: string;
  try {
    text = jsonText(outputs);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StepError('output_invalid', `The output cannot be stored as JSON: ${why}`, { permanent: true });
  }
  const bytes = text.length * 3 > MAX_OUTPUT_BYTES ? Buffer.byteLength(text) : 0;
  if (bytes > MAX_OUTPUT_BYTES) {
    const size = (bytes / 1024 / 1024).toFixed(1);
    throw new StepError(
      'output_too_large',
      `The output has ${size} MiB; at most 10 MiB can be passed on. Give back less, or keep the data elsewhere and pass on where it is.`,
      {
        permanent: true,
      },
    );
  }
  return text;
}
