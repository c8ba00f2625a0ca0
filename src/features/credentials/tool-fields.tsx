'use client';

import type { HttpAuth, SmtpSecurity } from '#domain/credential/kind.ts';
import { Field } from '#ui/field.tsx';
import { Input } from '#ui/input.tsx';
import { NumberField } from '#ui/number-field.tsx';
import { Select } from '#ui/select.tsx';
import { Textarea } from '#ui/textarea.tsx';
import type { PartProps } from './field-part.ts';
import { SecretField } from './secret-field.tsx';

const AUTHS: { value: HttpAuth; label: string; description: string }[] = [
  { value: 'bearer', label: 'Bearer token', description: 'Authorization: Bearer …' },
  { value: 'header', label: 'Header', description: 'A header of your choice, such as X-API-Key.' },
  { value: 'basic', label: 'User name and password', description: 'HTTP Basic.' },
  { value: 'query', label: 'Query value', description: 'Added to the address, as ?key=…' },
];
const SECURITIES: { value: SmtpSecurity; label: string; port: number }[] = [
  { value: 'starttls', label: 'STARTTLS', port: 587 },
  { value: 'tls', label: 'TLS', port: 465 },
  { value: 'none', label: 'None', port: 25 },
];

/** What a tool needs; every kind has fields of its own, and the rest is JSON. */
export function ToolFields(props: PartProps<'tool'>) {
  if (props.part.kind === 'http') return <HttpFields {...props} />;
  if (props.part.kind === 'smtp') return <SmtpFields {...props} />;
  return <OtherFields {...props} />;
}

function HttpFields({ part, faults, set }: PartProps<'tool'>) {
  return (
    <>
      <Field label="Signs requests with">
        <Select items={AUTHS} value={part.auth} onValueChange={(auth) => set({ auth })} />
      </Field>
      {part.auth === 'header' || part.auth === 'query' ? (
        <Field label={part.auth === 'header' ? 'Header' : 'Query name'} error={faults['authName']}>
          <Input
            mono
            maxLength={200}
            placeholder={part.auth === 'header' ? 'X-API-Key' : 'api_key'}
            value={part.authName}
            onValueChange={(authName) => set({ authName })}
          />
        </Field>
      ) : null}
      {part.auth === 'basic' ? (
        <Login part={part} faults={faults} set={set} />
      ) : (
        <SecretField
          label={part.auth === 'bearer' ? 'Token' : 'Secret'}
          error={faults['authToken']}
          secret={part.token}
          onChange={(token) => set({ token })}
        />
      )}
      <Field
        label="Test address"
        optional
        description="What Test asks for with GET; the first page of the first host without one."
      >
        <Input
          mono
          maxLength={2000}
          placeholder="https://api.example.com/me"
          value={part.testUrl}
          onValueChange={(testUrl) => set({ testUrl })}
        />
      </Field>
    </>
  );
}

function SmtpFields({ part, faults, set }: PartProps<'tool'>) {
  return (
    <>
      <Field label="Mail server" error={faults['host']}>
        <Input
          mono
          maxLength={253}
          placeholder="smtp.example.com"
          value={part.host}
          onValueChange={(host) => set({ host })}
        />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Security">
          <Select
            items={SECURITIES}
            value={part.security}
            onValueChange={(security) =>
              set({ security, port: SECURITIES.find((one) => one.value === security)?.port ?? part.port })
            }
          />
        </Field>
        <Field label="Port">
          <NumberField
            min={1}
            max={65_535}
            format={{ useGrouping: false }}
            value={part.port}
            onValueChange={(port) => set({ port })}
          />
        </Field>
      </div>
      <Login part={part} faults={faults} set={set} optional />
    </>
  );
}

function Login({ part, faults, set, optional }: PartProps<'tool'> & { optional?: boolean }) {
  return (
    <>
      <Field label="User name" optional={optional} error={faults['username']}>
        <Input
          maxLength={400}
          autoComplete="off"
          value={part.username}
          onValueChange={(username) => set({ username })}
        />
      </Field>
      <SecretField
        label="Password"
        optional={optional}
        secret={part.password}
        onChange={(password) => set({ password })}
      />
    </>
  );
}

function OtherFields({ part, faults, set }: PartProps<'tool'>) {
  return (
    <>
      <Field label="Tool" description="What it is for, such as api, browser or searxng.">
        <Input mono maxLength={100} value={part.kind} disabled />
      </Field>
      <Field
        label="Settings"
        error={faults['config']}
        description="JSON. What stands under a name such as key, token or password is sealed and shown masked; a mask that is left as it is keeps what is stored."
      >
        <Textarea mono rows={6} value={part.config} onValueChange={(config) => set({ config })} />
      </Field>
    </>
  );
}
