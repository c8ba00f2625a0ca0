'use client';

import { type NodeSettings, type RetryPolicy, retryPolicy } from '#domain/graph/graph.ts';
import { Field } from '#ui/field.tsx';
import { NumberField } from '#ui/number-field.tsx';
import { Switch } from '#ui/switch.tsx';
import { TagField } from '#ui/tag-field.tsx';

interface RetryFieldsProps {
  settings: NodeSettings;
  onChange: (settings: NodeSettings) => void;
}

/** Codes of failures that trying again may cure, offered while typing. */
const CODES = ['timeout', 'unreachable', 'http_status', 'code_error', 'worker_lost'];

/** How often a failed step is tried again, how long it waits in between, and which errors count. */
export function RetryFields({ settings, onChange }: RetryFieldsProps) {
  const { retry } = settings;
  const toggle = (on: boolean): void => {
    const { retry: _old, ...rest } = settings;
    onChange(on ? { ...rest, retry: retryPolicy.parse({ maxAttempts: 3 }) } : rest);
  };
  const edit = (part: Partial<RetryPolicy>): void => {
    if (retry) onChange({ ...settings, retry: { ...retry, ...part } });
  };
  return (
    <div className="flex flex-col gap-3">
      <Switch checked={retry !== undefined} onCheckedChange={toggle} label="Try again on failure" />
      {retry ? (
        <>
          <Pauses retry={retry} onEdit={edit} />
          <Field
            label="Only these errors"
            description="Error codes, as the Data tab shows them. Empty: every error that is not permanent."
          >
            <TagField
              value={retry.retryOn}
              suggestions={CODES}
              placeholder="timeout"
              ariaLabel="Only these errors"
              onValueChange={(retryOn) => edit({ retryOn })}
            />
          </Field>
          <Field label="Never these errors" description="Wins over the list above.">
            <TagField
              value={retry.noRetryOn}
              suggestions={CODES}
              placeholder="http_status"
              ariaLabel="Never these errors"
              onValueChange={(noRetryOn) => edit({ noRetryOn })}
            />
          </Field>
        </>
      ) : null}
    </div>
  );
}

function Pauses({ retry, onEdit }: { retry: RetryPolicy; onEdit: (part: Partial<RetryPolicy>) => void }) {
  return (
    <div className="grid grid-cols-2 gap-3">
      <Field label="Attempts" description="The first one counts.">
        <NumberField
          value={retry.maxAttempts}
          min={1}
          max={20}
          step={1}
          ariaLabel="Attempts"
          onValueChange={(value) => onEdit({ maxAttempts: value ?? 1 })}
        />
      </Field>
      <Field label="First pause">
        <NumberField
          value={retry.initialMs}
          min={0}
          max={3_600_000}
          step={100}
          unit="ms"
          ariaLabel="First pause"
          onValueChange={(value) => onEdit({ initialMs: value ?? 0 })}
        />
      </Field>
      <Field label="Factor" description="Each pause is this much longer.">
        <NumberField
          value={retry.factor}
          min={1}
          max={10}
          step={0.5}
          ariaLabel="Factor"
          onValueChange={(value) => onEdit({ factor: value ?? 1 })}
        />
      </Field>
      <Field label="Longest pause">
        <NumberField
          value={retry.maxMs}
          min={0}
          max={86_400_000}
          step={1000}
          unit="ms"
          ariaLabel="Longest pause"
          onValueChange={(value) => onEdit({ maxMs: value ?? 0 })}
        />
      </Field>
      <Field
        label="Jitter"
        description="Part of each pause that is left to chance, so that many runs do not try at once."
        className="col-span-2"
      >
        <NumberField
          value={Math.round(retry.jitter * 100)}
          min={0}
          max={100}
          step={5}
          unit="%"
          ariaLabel="Jitter"
          onValueChange={(value) => onEdit({ jitter: (value ?? 0) / 100 })}
        />
      </Field>
    </div>
  );
}
