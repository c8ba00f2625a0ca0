import { startBench } from './bench-fixture.ts';
import { startScheduleRunner } from './runner.ts';

/**
 * A process that fires schedules, for tests that kill it: `node process-fixture.ts <database url> <seconds its clock
 * is wrong by>`. It prints `ready`.
 */
const [url = '', wrongBy = '0'] = process.argv.slice(2);
const realNow = Date.now;
Date.now = () => realNow() + Number(wrongBy) * 1000;
const bench = await startBench(url);
startScheduleRunner(bench.options);
process.stdout.write('ready\n');
