import { pino } from 'pino';
import { ConfigError, loadConfig } from './config.ts';
import { takeOverPort } from './launch/take-over.ts';
import { createLogOutput } from './log-output.ts';
import { Redactor } from './redaction/redactor.ts';
import { stopOnSignals } from './shutdown.ts';
import { type Running, startPipewright } from './start.ts';

let running: Promise<Running> | null = null;
const end = stopOnSignals(() => running);

try {
  const config = loadConfig();
  const redactor = new Redactor();
  const hooks = { streamWrite: (line: string) => redactor.line(line) };
  const output = createLogOutput();
  const log = pino({ level: config.logLevel, hooks }, output);
  running = startPipewright({
    config,
    log,
    screens: true,
    redactor,
    logOutput: output,
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
