import { constants } from 'node:os';

export interface Stoppable {
  /** Takes nothing new, lets what runs finish for `graceMs`, and gives everything up. */
  stop(options: { graceMs: number }): Promise<void>;
}

export interface ShutdownTimes {
  /** Running steps have this long to finish; what is left goes to other processes or the next start. */
  readonly graceMs: number;
  /** After this long the process ends whatever still hangs. */
  readonly longestMs: number;
}

const TIMES: ShutdownTimes = { graceMs: 20_000, longestMs: 29_000 };
const SAME_SIGNAL_MS = 500;

type EndingSignal = 'SIGTERM' | 'SIGINT' | 'SIGHUP';

/**
 * From now on the first signal drains and ends the process with 0, and a later one ends it at once. A signal sent to
 * the whole process group arrives twice, because the launcher passes its copy on: that is still the first.
 * `running` is asked for what is to be stopped; null while nothing has been started. @returns what a signal does.
 */
export function stopOnSignals(
  running: () => Promise<Stoppable> | null,
  { graceMs, longestMs }: ShutdownTimes = TIMES,
): (signal: EndingSignal) => void {
  let endingSince: number | null = null;
  const end = (signal: EndingSignal): void => {
    if (endingSince !== null) {
      if (Date.now() - endingSince > SAME_SIGNAL_MS) process.exit(128 + constants.signals[signal]);
      return;
    }
    endingSince = Date.now();
    setTimeout(() => process.exit(0), longestMs).unref();
    const stopped = running()?.then((one) => one.stop({ graceMs }));
    Promise.resolve(stopped).then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => end(signal));
  return end;
}
