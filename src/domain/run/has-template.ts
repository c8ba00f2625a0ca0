import { isTemplate } from '../expression/template.ts';

/** Whether any text of a config, outside the `verbatim` fields, is a template. */
export function hasTemplate(config: Readonly<Record<string, unknown>>, verbatim: readonly string[]): boolean {
  return Object.entries(config).some(([key, value]) => !verbatim.includes(key) && holdsTemplate(value));
}

function holdsTemplate(value: unknown): boolean {
  if (typeof value === 'string') return isTemplate(value);
  if (value === null || typeof value !== 'object') return false;
  return Object.values(value).some(holdsTemplate);
}
