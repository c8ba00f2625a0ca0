import type { SEPARATORS } from './definition.ts';

/** The character of a chosen separator; empty where it is to be detected. */
export const SEPARATOR: Readonly<Record<(typeof SEPARATORS)[number], string>> = {
  detect: '',
  comma: ',',
  semicolon: ';',
  tab: '\t',
  pipe: '|',
};
