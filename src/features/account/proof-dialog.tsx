'use client';

import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { CODE_LENGTH, CodeField } from './code-field.tsx';
import { PasswordPrompt, submitting } from './password-prompt.tsx';
import { needsPassword } from './reauth.ts';
import { RecoveryCodeField } from './recovery-code-field.tsx';

/** What proves who asks: a code of the app or a recovery code, and the password where the server wants it. */
export interface Proof {
  code?: string;
  recovery_code?: string;
  password?: string;
}

interface ProofDialogProps {
  title: string;
  description: string;
  confirmLabel: string;
  danger?: boolean;
  /** Offers a recovery code instead of the app. */
  recovery?: boolean;
  busy: boolean;
  /** Of the last try. */
  error: unknown;
  onSend: (proof: Proof) => void;
  onClose: () => void;
  /** Shown in the same dialog once it is done: it cannot be dismissed then. */
  outcome?: Outcome | undefined;
}

interface Outcome {
  readonly title: string;
  readonly description: string;
  readonly body: ReactNode;
  readonly footer: ReactNode;
}

/** Asks for a code before something that weakens or renews the second factor. */
export function ProofDialog(props: ProofDialogProps) {
  const { busy, outcome, onClose } = props;
  const form = useId();
  const ask = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button type="submit" form={form} variant={props.danger ? 'danger' : 'primary'} loading={busy}>
        {props.confirmLabel}
      </Button>
    </>
  );
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      dismissible={outcome === undefined}
      size={outcome ? 'md' : 'sm'}
      title={outcome?.title ?? props.title}
      description={outcome?.description ?? props.description}
      footer={outcome?.footer ?? ask}
    >
      {outcome?.body ?? <ProofForm {...props} form={form} />}
    </Dialog>
  );
}

type Way = 'app' | 'recovery';

function ProofForm({ form, busy, error, recovery, onSend }: ProofDialogProps & { form: string }) {
  const [way, setWay] = useState<Way>('app');
  const [code, setCode] = useState('');
  const [password, setPassword] = useState('');
  const [missing, setMissing] = useState('');
  const refused = useRefusal(error);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (refused.code === '') return;
    setCode('');
    field.current?.focus();
  }, [refused]);
  const send = (text: string) => {
    if (busy) return;
    const whole = way === 'app' ? text.length === CODE_LENGTH : text.trim() !== '';
    setMissing(whole ? '' : MISSING[way]);
    if (!whole || (refused.askPassword && password === '')) return;
    onSend({
      ...(way === 'app' ? { code: text } : { recovery_code: text.trim() }),
      ...(refused.askPassword && { password }),
    });
  };
  const shown = { ref: field, value: code, error: missing || refused.code, busy, onValueChange: setCode };
  const turn = () => {
    setWay(way === 'app' ? 'recovery' : 'app');
    setCode('');
    setMissing('');
  };
  return (
    <form id={form} onSubmit={submitting(() => send(code))} className="flex flex-col gap-4" noValidate>
      {refused.general ? <ErrorNotice compact title={refused.general} /> : null}
      {refused.askPassword ? (
        <PasswordPrompt autoFocus value={password} onValueChange={setPassword} error={refused.password} />
      ) : null}
      {way === 'app' ? (
        // With the password still to be typed, six digits alone must not send anything.
        <CodeField autoFocus {...shown} onComplete={refused.askPassword ? () => undefined : send} />
      ) : (
        <RecoveryCodeField {...shown} />
      )}
      {recovery ? (
        <Button variant="ghost" size="sm" className="-ml-2.5 w-fit text-link" onClick={turn}>
          {way === 'app' ? 'Use a recovery code instead' : 'Use the authenticator app'}
        </Button>
      ) : null}
    </form>
  );
}

const MISSING: Readonly<Record<Way, string>> = {
  app: 'Type all six digits.',
  recovery: 'Type one of your recovery codes.',
};

interface Refused {
  /** Stays on once the server has asked. */
  readonly askPassword: boolean;
  readonly password: string;
  readonly code: string;
  readonly general: string;
}

const NOTHING: Refused = { askPassword: false, password: '', code: '', general: '' };

function useRefusal(error: unknown): Refused {
  const [refused, setRefused] = useState(NOTHING);
  useEffect(() => {
    if (!error) return;
    setRefused(({ askPassword }) => read(error, askPassword));
  }, [error]);
  return refused;
}

function read(error: unknown, asked: boolean): Refused {
  const { detail, message } = readProblem(error);
  if (needsPassword(error)) return { ...NOTHING, askPassword: true, password: asked ? message : '' };
  const known = { ...NOTHING, askPassword: asked };
  if (detail === 'Invalid TOTP code.') {
    return { ...known, code: 'This code was not accepted. Each one works once: wait for the next.' };
  }
  return { ...known, general: message };
}
