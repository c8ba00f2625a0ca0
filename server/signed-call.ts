import type { HttpRequest, HttpResponse, MailMessage } from '#domain/node/executor.ts';
import type { StepPlace } from '#server/engine/interface.ts';
import type { Egress } from './egress/client.ts';
import type { Mailer } from './mail/mailer.ts';
import type { Cleaner } from './redaction/redactor.ts';
import type { Vault } from './vault/vault.ts';

export interface CallOptions {
  readonly egress: Egress;
  readonly mailer: Mailer;
  readonly vault: Vault;
}

/**
 * Requests and mails of steps. What needs a credential gets it here, at the last moment, and whatever comes back is
 * cleaned of it before the step sees it.
 */
export function signedCalls({ egress, mailer, vault }: CallOptions) {
  return {
    http: async (
      { credential, headers, ...request }: HttpRequest,
      place: StepPlace,
    ): Promise<HttpResponse> => {
      const wish = { ...request, headers: { ...headers } };
      if (credential === undefined || credential === null) return egress.request(wish, place.signal);
      const { auth, cleaner } = await vault.forHttp(credential, { ...place, node: place.actor });
      return cleaned(cleaner, () => egress.request({ ...wish, auth }, place.signal));
    },
    mail: async (message: MailMessage, place: StepPlace) => {
      const { idempotencyKey, signal } = place;
      const { server } = message;
      if (!('credential' in server)) return mailer.send({ ...message, server }, idempotencyKey, signal);
      const opened = await vault.forMail(server.credential, { ...place, node: place.actor });
      return cleaned(opened.cleaner, () =>
        mailer.send({ ...message, server: opened.server }, idempotencyKey, signal),
      );
    },
  };
}

/** Servers like to repeat what they were sent, in answers as in errors. */
async function cleaned<T>(cleaner: Cleaner, call: () => Promise<T>): Promise<T> {
  try {
    return cleaner.value(await call());
  } catch (error) {
    if (error instanceof Error) {
      error.message = cleaner.text(error.message);
      delete error.cause;
    }
    throw error;
  }
}
