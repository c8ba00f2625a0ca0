import { constants } from 'node:os';
import { pino } from 'pino';
import { ConfigError, loadConfig } from './config.ts';
import { takeOverPort } from './launch/take-over.ts';
import { type Running, startPipewright } from './start.ts';

/** Running steps have this long to finish; what is left goes to other processes or the next start. */
const GRACE_MS = 20_000;
/** After this long the process ends whatever still hangs. */
const LONGEST_MS = 29_000;

const SAME_SIGNAL_MS = 500;

let running: Promise<Running> | null = null;
/** When the first signal came; 0 before that. */
let endingSince = 0;

/**
 * The first signal drains, a later one ends at once. A signal sent to the whole process group arrives twice, because
 * the launcher passes its copy on: that is still the first.
 */
function end(signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP'): void {
  if (endingSince > 0) {
    if (Date.now() - endingSince > SAME_SIGNAL_MS) process.exit(128 + constants.signals[signal]);
    return;
  }
  endingSince = Date.now();
  setTimeout(() => process.exit(0), LONGEST_MS).unref();
  const stopped = running?.then((one) => one.stop({ graceMs: GRACE_MS }));
  Promise.resolve(stopped).then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      process.exit(1);
    },
  );
}

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => end(signal));

try {
  const config = loadConfig();
  const log = pino({ level: config.logLevel }, pino.destination({ dest: 1, sync: false }));
  running = startPipewright({
    config,
    log,
    screens: true,
    beforeListening: () => takeOverPort(config, () => end('SIGTERM')),
  });
  const { url } = await running;
  const what = config.role === 'worker' ? 'A Pipewright worker is ready' : `Pipewright is ready at ${url}`;
  process.stdout.write(`${what}\n`);
} catch (error) {
  const text =
    error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`Pipewright cannot start: ${text}\n`);
  process.exit(1);
}
