import { embedEnvironment, environmentsToEmbed, type PassOptions } from './embed-pass.ts';

export interface RunnerOptions extends Omit<PassOptions, 'signal'> {
  readonly onError: (error: unknown) => void;
}

/** What has been written or changed is looked for this often; in the meantime it is found by its words. */
const LOOK_MS = 1_000;
const AT_ONCE = 4;

/**
 * Embeds memories behind the back of whoever writes them: nobody waits for the provider, and what it does not take
 * now it is given later. One in every process; they do not get in each other's way.
 * @returns what ends it, once the call that is being made was given up
 */
export function startEmbedding({ onError, ...options }: RunnerOptions): () => Promise<void> {
  const ending = new AbortController();
  const { signal } = ending;
  let wake = (): void => undefined;
  let isFailing = false;
  const work = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        const environments = await environmentsToEmbed(options.db, AT_ONCE);
        await Promise.all(environments.map((id) => embedEnvironment({ ...options, signal }, id)));
        isFailing = false;
      } catch (error) {
        // Said once: a database that is away stays away for many turns.
        if (!isFailing && !signal.aborted) onError(error);
        isFailing = true;
      }
      if (signal.aborted) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, LOOK_MS);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  const working = work();
  return () => {
    ending.abort();
    wake();
    return working;
  };
}
