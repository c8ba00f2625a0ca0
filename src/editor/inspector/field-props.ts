import type { FieldSpec } from './field-spec.ts';
import type { Suggestion } from './suggestion.ts';

/** What every control of a generated form is given. */
export interface ConfigFieldProps {
  readonly field: FieldSpec;
  readonly value: unknown;
  readonly error: string | undefined;
  /** All messages of the form, for controls with parts of their own. */
  readonly errors: ReadonlyMap<string, string>;
  /** The rest of the config, or of the row, the field belongs to. */
  readonly siblings?: Readonly<Record<string, unknown>>;
  readonly suggestions: () => readonly Suggestion[];
  readonly onChange: (value: unknown) => void;
}
