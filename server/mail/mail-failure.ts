import { type MailServer, StepError } from '#domain/node/executor.ts';
import { EgressError } from '../egress/egress-error.ts';

interface SmtpError extends Error {
  code?: string;
  response?: string;
  responseCode?: number;
}

/** Why a mail did not leave, in words for the author of the workflow. */
export function mailFailure(
  error: unknown,
  { host, port }: MailServer,
  { gone, late }: { gone: boolean; late: boolean },
): Error {
  if (error instanceof EgressError || error instanceof StepError) return error;
  const at = `${host}:${port}`;
  if (gone) return new StepError('aborted', 'The mail was stopped.');
  const { code = '', response, responseCode = 0, message } = error as SmtpError;
  if (late || code === 'ETIMEDOUT')
    return new StepError(
      'timeout',
      `${at} did not answer in time. Check the port and the kind of encryption.`,
    );
  if (code === 'EAUTH' || code === 'ENOAUTH') {
    const words = `${at} did not accept the user name and password.${said(response)}`;
    return new StepError('mail_login', words, { permanent: responseCode >= 500 || responseCode === 0 });
  }
  if (
    code === 'ETLS' ||
    code === 'EREQUIRETLS' ||
    /certificate|self.signed|ssl|tls/i.test(`${code} ${message}`)
  ) {
    const words =
      `No secure connection to ${at}: it offers no encryption, or its certificate is not valid. ` +
      'A password is only sent over a secure connection.';
    return new StepError('mail_insecure', words, { permanent: true });
  }
  if (responseCode >= 400) {
    const words = `${at} refused the mail.${said(response)}`;
    return new StepError('mail_refused', words, { permanent: responseCode >= 500 });
  }
  return new StepError(
    'unreachable',
    `Could not send through ${at}. Check the server, the port and the encryption.`,
  );
}

function said(response: string | undefined): string {
  return response ? ` It said: ${response.replace(/\s+/g, ' ').slice(0, 200)}` : '';
}
