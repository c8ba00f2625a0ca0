import type { FieldSpec } from './field-spec.ts';
import type { Suggestion } from './suggestion.ts';

/** What every control of a generated form is given. */
export interface ConfigFieldProps {
  readonly field: FieldSpec;
  readonly value: unknown;
  readonly error: string | undefined;
  /** All messages of the form, for controls with parts of their own. */
  readonly errors: ReadonlyMap<string, string>;
  readonly suggestions: () => readonly Suggestion[];
  readonly onChange: (value: unknown) => void;
}
