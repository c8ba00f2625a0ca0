'use client';

import { CircleAlert } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { Checkbox } from '#ui/checkbox.tsx';
import { Field } from '#ui/field.tsx';
import { Input } from '#ui/input.tsx';
import { NumberField } from '#ui/number-field.tsx';
import { PasswordInput } from '#ui/password-input.tsx';
import { Select } from '#ui/select.tsx';
import { Switch } from '#ui/switch.tsx';
import { TagField } from '#ui/tag-field.tsx';
import { Textarea } from '#ui/textarea.tsx';
import { CodeMirror } from './code-mirror.tsx';
import { CredentialField } from './credential-field.tsx';
import { DateTimeField } from './date-time-field.tsx';
import type { ConfigFieldProps } from './field-props.ts';
import { type FieldSpec, optionTitle } from './field-spec.ts';
import { KeyValueList } from './key-value-list.tsx';
import { ModelField } from './model-field.tsx';
import { RowList } from './row-list.tsx';
import { RuleList } from './rule-list.tsx';
import type { Suggestion } from './suggestion.ts';

const NATIVE: readonly string[] = ['text', 'multiline', 'number', 'select', 'password', 'datetime', 'tags'];

/** One labelled control of the form. */
export function ConfigField(props: ConfigFieldProps) {
  const { field, error, value, onChange } = props;
  if (field.control === 'switch') {
    return (
      <Switch
        checked={value === true}
        onCheckedChange={onChange}
        label={field.title}
        description={field.description}
      />
    );
  }
  if (field.control === 'credential') return <CredentialField {...props} />;
  if (field.control === 'model') return <ModelField {...props} />;
  if (NATIVE.includes(field.control)) {
    return (
      <Field label={field.title} description={field.description} error={error}>
        <NativeControl {...props} />
      </Field>
    );
  }
  return (
    <Labelled title={field.title} description={field.description} error={error}>
      <OwnControl {...props} />
    </Labelled>
  );
}

/** Like `Field`, for controls that name themselves. */
function Labelled({
  title,
  description,
  error,
  children,
}: {
  title: string;
  description: string;
  error: string | undefined;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <div role="group" aria-labelledby={id} className="flex min-w-0 flex-col gap-1.5">
      <span id={id} className="text-sm font-medium">
        {title}
      </span>
      {children}
      {error ? (
        <span className="flex items-start gap-1.5 text-xs text-danger-text">
          <CircleAlert className="mt-px size-3.5 shrink-0" aria-hidden />
          {error}
        </span>
      ) : null}
      <span className="text-xs text-subtle">{description}</span>
    </div>
  );
}

const textOf = (value: unknown): string =>
  value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);

function NativeControl({ field, value, onChange }: ConfigFieldProps) {
  switch (field.control) {
    case 'number':
      return (
        <NumberField
          value={typeof value === 'number' ? value : null}
          onValueChange={(next) => onChange(next ?? undefined)}
          {...(field.min !== null && { min: field.min })}
          {...(field.max !== null && { max: field.max })}
          step={field.integer ? 1 : 0.1}
          ariaLabel={field.title}
        />
      );
    case 'select':
      return (
        <Select
          items={field.options.map((option) => ({ value: option, label: optionTitle(option) }))}
          value={textOf(value)}
          onValueChange={onChange}
          ariaLabel={field.title}
        />
      );
    case 'password':
      return <PasswordInput value={textOf(value)} onValueChange={onChange} placeholder={field.placeholder} />;
    case 'datetime':
      return (
        <DateTimeField
          label={field.title}
          value={textOf(value)}
          placeholder={field.placeholder}
          onChange={onChange}
        />
      );
    case 'tags':
      return (
        <TagField
          value={Array.isArray(value) ? value.map(String) : []}
          onValueChange={onChange}
          placeholder={field.placeholder || 'Add…'}
          ariaLabel={field.title}
        />
      );
    case 'multiline':
      return (
        <Textarea value={textOf(value)} onValueChange={onChange} placeholder={field.placeholder} rows={4} />
      );
    default:
      return <Input value={textOf(value)} onValueChange={onChange} placeholder={field.placeholder} />;
  }
}

/** Text as it is typed: structured once it is JSON, the very text until then, so that no keystroke is lost. */
function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const jsonText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value ?? {}, null, 2);

function OwnControl(props: ConfigFieldProps) {
  const { field, value, error, errors, suggestions, onChange } = props;
  const shared = {
    label: field.title,
    invalid: error !== undefined,
    placeholder: field.placeholder,
    suggestions,
  };
  switch (field.control) {
    case 'code':
      return <CodeMirror {...shared} mode={field.language} value={textOf(value)} onChange={onChange} />;
    case 'json':
      return <JsonControl {...shared} value={value} onChange={onChange} />;
    case 'keyvalue':
      return (
        <KeyValueList
          label={field.title}
          value={isRecord(value) ? value : {}}
          onChange={onChange}
          suggestions={suggestions}
        />
      );
    case 'rules':
      return (
        <RuleList
          label={field.title}
          field={field}
          value={Array.isArray(value) ? value : []}
          onChange={onChange}
          errors={errors}
          suggestions={suggestions}
        />
      );
    case 'rows':
      return <RowList {...props} renderPart={(part) => <ConfigField {...part} />} />;
    case 'multiselect':
      return (
        <ManyOf field={field} value={Array.isArray(value) ? value.map(String) : []} onChange={onChange} />
      );
    default:
      return (
        <CodeMirror
          {...shared}
          mode="template"
          singleLine={field.name === 'url'}
          value={textOf(value)}
          onChange={onChange}
        />
      );
  }
}

interface JsonControlProps {
  label: string;
  invalid: boolean;
  placeholder: string;
  suggestions: () => readonly Suggestion[];
  value: unknown;
  onChange: (value: unknown) => void;
}

/** Formatting is the person's: the text is only replaced when its meaning has changed from outside. */
function JsonControl({ value, onChange, ...shared }: JsonControlProps) {
  return (
    <CodeMirror
      {...shared}
      mode="json"
      sameAs={(text) => JSON.stringify(jsonOrText(text)) === JSON.stringify(value)}
      value={jsonText(value)}
      onChange={(text) => onChange(jsonOrText(text))}
    />
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function ManyOf({
  field,
  value,
  onChange,
}: {
  field: FieldSpec;
  value: readonly string[];
  onChange: (value: string[]) => void;
}) {
  return (
    <div className="flex flex-wrap gap-x-4 gap-y-1.5">
      {field.options.map((option) => (
        <Checkbox
          key={option}
          checked={value.includes(option)}
          onCheckedChange={(checked) =>
            onChange(field.options.filter((one) => (one === option ? checked : value.includes(one))))
          }
          label={optionTitle(option)}
        />
      ))}
    </div>
  );
}
