import { setTimeout as pause } from 'node:timers/promises';
import type { StartRequest } from './engine.ts';
import { startTestEngine } from './test-engine.ts';

/**
 * A process with an engine, for tests that kill it: `node test-main.ts <database url> <start request | null>`. It
 * prints `ready`, and with a request the id of every run it has started, once that is acknowledged.
 */
const [url = '', json = 'null'] = process.argv.slice(2);
const { engine } = await startTestEngine(url, { drive: true, concurrency: 20, role: 'worker' });
process.stdout.write('ready\n');
const request = JSON.parse(json) as StartRequest | null;
while (request) {
  const { executionId } = await engine.start(request);
  process.stdout.write(`${executionId}\n`);
  await pause(10);
}
