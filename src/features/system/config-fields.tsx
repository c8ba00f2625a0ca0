'use client';

import type { ReactNode } from 'react';
import { Field } from '#ui/field.tsx';
import { Input } from '#ui/input.tsx';
import { NumberField } from '#ui/number-field.tsx';
import { Select } from '#ui/select.tsx';
import { Switch } from '#ui/switch.tsx';
import { type ConfigEntry, LOG_LEVEL_ITEMS, labelOf, SANDBOX_ITEMS, type SettingName } from './setting.ts';

export interface FieldsProps {
  entry: ConfigEntry;
  /** The server's complaints by setting. */
  faults: Readonly<Record<string, string>>;
  /** Whether a setting cannot be changed here. */
  locked: (name: SettingName) => boolean;
  fixed: readonly string[];
  onChange: (change: Partial<ConfigEntry>) => void;
  children?: ReactNode;
}

/** Who reaches the installation, and from where. */
export function AccessFields(props: FieldsProps) {
  const { entry, locked, onChange } = props;
  return (
    <Part title="Access">
      <Setting
        {...props}
        name="platform_base_url"
        note="Links in messages and addresses of webhooks start with it."
      >
        <Input
          type="url"
          inputMode="url"
          placeholder="https://pipewright.example.com"
          maxLength={2000}
          readOnly={locked('platform_base_url')}
          value={entry.platform_base_url}
          onValueChange={(platform_base_url) => onChange({ platform_base_url })}
        />
      </Setting>
      <Setting
        {...props}
        name="cors_allow_all_origins"
        note="On: pages of any site may call the API with a key. Cookies are never sent along."
      >
        <span className="flex h-8 items-center">
          <Switch
            ariaLabel={labelOf('cors_allow_all_origins')}
            disabled={locked('cors_allow_all_origins')}
            checked={entry.cors_allow_all_origins}
            onCheckedChange={(cors_allow_all_origins) => onChange({ cors_allow_all_origins })}
          />
        </span>
      </Setting>
    </Part>
  );
}

/** What is written to the log, and where. */
export function LogFields(props: FieldsProps) {
  const { entry, locked, onChange } = props;
  return (
    <Part title="Log">
      <Setting {...props} name="log_level" note="In force at once, in every process.">
        <Select
          disabled={locked('log_level')}
          value={entry.log_level}
          onValueChange={(log_level) => onChange({ log_level })}
          items={LOG_LEVEL_ITEMS}
        />
      </Setting>
      <Setting {...props} name="log_file" note="Below the data directory. Empty: standard output only.">
        <Input
          mono
          placeholder="logs/pipewright.log"
          maxLength={1000}
          readOnly={locked('log_file')}
          value={entry.log_file}
          onValueChange={(log_file) => onChange({ log_file })}
        />
      </Setting>
    </Part>
  );
}

/** How runs and their commands are treated. */
export function RunFields(props: FieldsProps) {
  const { entry, locked, onChange } = props;
  return (
    <Part title="Runs">
      <Setting
        {...props}
        name="zombie_execution_threshold_seconds"
        note="A run nobody has worked on for longer fails instead of being taken up again. 0: it is always taken up. In force at once."
      >
        <NumberField
          min={0}
          max={31_536_000}
          step={60}
          unit="seconds"
          readOnly={locked('zombie_execution_threshold_seconds')}
          value={entry.zombie_execution_threshold_seconds}
          onValueChange={(seconds) => onChange({ zombie_execution_threshold_seconds: seconds })}
        />
      </Setting>
      <Setting {...props} name="sandbox_mode">
        <Select
          disabled={locked('sandbox_mode')}
          value={entry.sandbox_mode}
          onValueChange={(sandbox_mode) => onChange({ sandbox_mode })}
          items={SANDBOX_ITEMS}
        />
      </Setting>
    </Part>
  );
}

/** Where the installation keeps what it knows. */
export function StorageFields(props: FieldsProps) {
  const { entry, locked, onChange, children } = props;
  return (
    <Part title="Storage">
      {children}
      <Setting
        {...props}
        name="database_url"
        note="A hidden password (***) stays as it is. Empty: the database Pipewright runs by itself."
      >
        <Input
          mono
          autoComplete="off"
          maxLength={2000}
          readOnly={locked('database_url')}
          value={entry.database_url}
          onValueChange={(database_url) => onChange({ database_url })}
        />
      </Setting>
      <Setting {...props} name="redis_url" note="Kept for other clients; Pipewright itself needs no Redis.">
        <Input
          mono
          autoComplete="off"
          placeholder="redis://host:6379/0"
          maxLength={2000}
          readOnly={locked('redis_url')}
          value={entry.redis_url}
          onValueChange={(redis_url) => onChange({ redis_url })}
        />
      </Setting>
    </Part>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="flex flex-col gap-4 border-t pt-5">
      <legend className="sr-only">{title}</legend>
      {children}
    </fieldset>
  );
}

interface SettingProps extends FieldsProps {
  name: SettingName;
  note?: string;
  children: ReactNode;
}

function Setting({ name, note, faults, fixed, children }: SettingProps) {
  const held = fixed.includes(name);
  return (
    <Field
      label={labelOf(name)}
      orientation="horizontal"
      error={faults[name]}
      description={held ? 'Set by a variable of the server’s environment, which wins over this.' : note}
    >
      {children}
    </Field>
  );
}
