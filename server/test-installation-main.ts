import { pino } from 'pino';
import { loadConfig } from './config.ts';
import { startPipewright } from './start.ts';

/** A whole Pipewright without screens, for tests that kill it. Configured by the environment; prints its address. */
const running = await startPipewright({
  config: loadConfig(),
  log: pino({ level: 'silent' }),
  screens: false,
});
process.stdout.write(`${running.url}\n`);
process.on('SIGTERM', () => {
  void running.stop({ graceMs: 5000 }).then(() => process.exit(0));
});
