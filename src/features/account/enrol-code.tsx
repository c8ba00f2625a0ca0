'use client';

import { QRCodeSVG } from 'qrcode.react';
import { useEffect, useRef, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { CopyButton } from '#ui/copy-button.tsx';
import { CODE_LENGTH, CodeField } from './code-field.tsx';
import { submitting } from './password-prompt.tsx';

interface EnrolCodeProps {
  /** The id of the form, for the button below it. */
  form: string;
  /** Base32. */
  secret: string;
  /** `otpauth://…`: what the QR code says. */
  uri: string;
  busy: boolean;
  /** Of the last code. */
  error: unknown;
  onCode: (code: string) => void;
}

/** The secret as a QR code and as text, and the field for the first code of the app. */
export function EnrolCode({ form, secret, uri, busy, error, onCode }: EnrolCodeProps) {
  const [code, setCode] = useState('');
  const [fault, setFault] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (!error) return;
    setFault(explain(error));
    setCode('');
    field.current?.focus();
  }, [error]);
  const send = (text: string) => {
    if (busy) return;
    const whole = text.length === CODE_LENGTH;
    setFault(whole ? '' : 'Type all six digits.');
    if (whole) onCode(text);
  };
  return (
    <div className="flex flex-col gap-5">
      <SecretForApp secret={secret} uri={uri} />
      <form id={form} onSubmit={submitting(() => send(code))} noValidate>
        <CodeField
          ref={field}
          autoFocus
          label="2. Type the code the app shows"
          value={code}
          error={fault}
          busy={busy}
          onValueChange={setCode}
          onComplete={send}
        />
      </form>
    </div>
  );
}

function SecretForApp({ secret, uri }: { secret: string; uri: string }) {
  return (
    <div className="flex flex-col gap-4 sm:flex-row">
      {/* Readers of such codes need dark on light, whatever the theme. Drawn here; the secret goes nowhere. */}
      <div className="mx-auto shrink-0 rounded-lg border bg-white p-1 sm:mx-0">
        <QRCodeSVG
          value={uri}
          size={176}
          marginSize={3}
          level="M"
          bgColor="#ffffff"
          fgColor="#15181e"
          title="QR code for your authenticator app"
        />
      </div>
      <div className="min-w-0 flex-1">
        <h3 className="text-sm font-medium">1. Scan this with your authenticator app</h3>
        <p className="mt-1 text-sm text-muted">Or type this key into the app (time-based, six digits):</p>
        <div className="mt-2 flex items-start gap-1 rounded-lg border bg-sunken py-2 pr-1 pl-3">
          <code
            data-testid="mfa-secret"
            aria-label={secret}
            className="min-w-0 flex-1 font-mono text-sm select-all"
          >
            {inGroups(secret)}
          </code>
          <CopyButton value={secret} label="Copy key" className="-my-1" />
        </div>
      </div>
    </div>
  );
}

/** Groups of four can be typed without losing one's place. */
const inGroups = (secret: string): string => secret.match(/.{1,4}/g)?.join(' ') ?? secret;

function explain(error: unknown): string {
  const { detail, message } = readProblem(error);
  if (detail === 'Invalid TOTP code.') {
    return 'This code does not belong to the key. Wait for the next one, and check that the clock of your device is right.';
  }
  return message;
}
