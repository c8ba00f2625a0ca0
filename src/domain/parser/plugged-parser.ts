import { StepError } from '../node/executor.ts';
import type { Parts } from '../node/part.ts';
import { parserConfig } from './config.ts';
import { parseOutput } from './parse-output.ts';

/**
 * How the parser plugged into a node reads a text; null when there is none.
 * @throws StepError `bad_parser` (permanent) when its settings do not fit
 */
export function pluggedParser(parts: Parts): ((text: string) => unknown) | null {
  const part = parts['output_parser']?.[0];
  if (!part) return null;
  const read = parserConfig.safeParse(part.config);
  if (read.success) return (text) => parseOutput(read.data, text);
  const [issue] = read.error.issues;
  const message = `The settings of “${part.title}” do not fit: ${issue?.path.join('.')}: ${issue?.message}`;
  throw new StepError('bad_parser', message, { permanent: true });
}
