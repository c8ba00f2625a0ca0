import { startTestEngine } from './test-engine.ts';

/** A process with an engine, for tests that kill it: `node test-main.ts <database url>`. */
const [url = '', concurrency = '20'] = process.argv.slice(2);
await startTestEngine(url, { drive: true, concurrency: Number(concurrency), role: 'worker' });
process.stdout.write('ready\n');
