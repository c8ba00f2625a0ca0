import { type OutgoingMail, StepError } from '#domain/node/executor.ts';

export const MAX_RECIPIENTS = 50;
const MAX_SUBJECT = 1_000;
const MAX_BODY = 1024 * 1024;
/** One mailbox: no spaces, no list and group signs, nothing that a header would read otherwise. */
const ADDRESS = /^[^\s@<>()[\]\\,;:"]{1,64}@[^\s@<>()[\]\\,;:"]{1,253}$/;
/** A line break or another control character would begin a header of its own. */
const CONTROL = /[\u0000-\u001f\u007f]/;

interface Mailbox {
  readonly name: string;
  readonly address: string;
}

/** A mail that can be sent, its addresses taken apart. @throws StepError `mail_invalid` naming the field */
export function checkMail({ server, from, to, cc, subject, text, html }: OutgoingMail) {
  if (!/^[\w.:-]{1,253}$/.test(server.host)) refuse('The mail server is not a host name or an address.');
  if (!Number.isInteger(server.port) || server.port < 1 || server.port > 65_535)
    refuse('The port of the mail server has to be from 1 to 65535.');
  const receivers = [...to, ...cc];
  if (to.length === 0) refuse('Name at least one receiver.');
  if (receivers.length > MAX_RECIPIENTS)
    refuse(`The mail has ${receivers.length} receivers, at most ${MAX_RECIPIENTS} are allowed.`);
  if (CONTROL.test(subject)) refuse('The subject must be one line of text.');
  if (subject.length > MAX_SUBJECT) refuse(`The subject is longer than ${MAX_SUBJECT} characters.`);
  if (Buffer.byteLength(text) + Buffer.byteLength(html ?? '') > MAX_BODY)
    refuse('The mail is larger than 1 MiB. Send a link instead.');
  return {
    from: mailbox(from, 'sender'),
    to: to.map((one) => mailbox(one, 'receiver')),
    cc: cc.map((one) => mailbox(one, 'copy receiver')),
    subject,
    text,
    ...(html !== null && { html }),
  };
}

/** `ada@example.com` or `Ada <ada@example.com>`. */
function mailbox(text: string, role: string): Mailbox {
  if (CONTROL.test(text)) refuse(`The address of a ${role} must be one line of text.`);
  const named = /^([^<>]*)<([^<>]*)>$/.exec(text.trim());
  const address = (named?.[2] ?? text).trim();
  if (!ADDRESS.test(address)) refuse(`"${text.slice(0, 100)}" is not a mail address (${role}).`);
  return { name: (named?.[1] ?? '').trim().replace(/^"(.*)"$/, '$1'), address };
}

function refuse(message: string): never {
  throw new StepError('mail_invalid', message, { permanent: true });
}
