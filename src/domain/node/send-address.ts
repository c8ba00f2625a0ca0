import { type Capabilities, StepError } from './executor.ts';

interface Delivery {
  readonly to: string;
  readonly body: object;
}

/**
 * Posts the address (or addresses) of a waiting step to whoever is to use it.
 * @throws StepError `not_delivered` when the other side refuses it; what the request itself throws when it is not
 * reached. Either is worth another attempt.
 */
export async function sendAddress({ http }: Capabilities, { to, body }: Delivery): Promise<void> {
  const answer = await http({
    method: 'POST',
    url: to,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    timeoutMs: 30_000,
    maxBytes: 64 * 1024,
    followRedirects: false,
  });
  if (answer.status >= 200 && answer.status < 300) return;
  const message = `The address could not be sent: ${to.split('?')[0]} answered ${answer.status}. Check the field it is written in.`;
  throw new StepError('not_delivered', message);
}
