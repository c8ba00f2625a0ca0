import { pino } from 'pino';
import { loadConfig } from './config.ts';
import { stopOnSignals } from './shutdown.ts';
import { type Running, startPipewright } from './start.ts';

/**
 * A whole Pipewright without screens, for tests that kill it. Configured by the environment; prints its address and
 * logs to standard error. Steps that are running when it is told to stop get five seconds.
 */
let running: Promise<Running> | null = null;
stopOnSignals(() => running, { graceMs: 5000, longestMs: 29_000 });
const config = loadConfig();
const log = pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: true }));
running = startPipewright({ config, log, screens: false });
const { url } = await running;
process.stdout.write(`${url}\n`);
