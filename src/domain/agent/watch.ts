import { StepError } from '../node/executor.ts';

export interface Patience {
  /** Milliseconds without a sign of life. */
  readonly silenceMs: number;
  /** Milliseconds as a whole. */
  readonly wallMs: number;
}

/**
 * Waits for work as long as it shows signs of life and the time is not up. What is given up is not stopped: the
 * step's end does that.
 * @param work shows that it lives by calling what it is given
 * @throws StepError `agent_timeout`; a silence may pass, so that another attempt is worth it
 */
export function watched<T>(
  work: (alive: () => void) => Promise<T>,
  { silenceMs, wallMs }: Patience,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const silent = (): void =>
      reject(new StepError('agent_timeout', `Nothing was heard for ${silenceMs / 1000} seconds.`));
    const late = (): void =>
      reject(
        new StepError('agent_timeout', 'The agent has used up the time it may work.', { permanent: true }),
      );
    const whole = setTimeout(late, Math.max(0, wallMs));
    let silence = setTimeout(silent, silenceMs);
    const alive = (): void => {
      clearTimeout(silence);
      silence = setTimeout(silent, silenceMs);
    };
    work(alive)
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(whole);
        clearTimeout(silence);
      });
  });
}
