import { rmSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureChromium } from './chromium.mjs';
import { ensureBuilt } from './ensure-built.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { modules, root, say, toolEnvironment } from './place.mjs';
import { endChildrenOnSignal, run } from './run.mjs';

// npm test: every check there is, all of them even when one fails.
//   --only=lint,vitest   these steps only        --without=e2e   all but these

const reports = await mkdtemp(join(tmpdir(), 'pipewright-report-'));
process.on('exit', () => rmSync(reports, { recursive: true, force: true }));
const report = (name) => join(reports, `${name}.json`);

/** Runs one of the project's tools; a check without tests of its own counts as one. */
const check =
  (program, ...args) =>
  async () => {
    const code = await run(join(modules, '.bin', program), args, { env: toolEnvironment() });
    return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  };

const steps = {
  'format:check': check('biome', 'check', '--error-on-warnings'),
  lint: check('oxlint', '--type-aware', '--deny-warnings'),
  typecheck: check('tsc', '--noEmit'),
  boundaries: check('depcruise', '--config', '.dependency-cruiser.cjs', 'src', 'server', 'migrations', 'e2e'),
  knip: check('knip', '--treat-config-hints-as-errors'),
  vitest: async () => {
    const output = report('vitest');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${output}`];
    const program = join(modules, '.bin', 'vitest');
    const args = ['run', '--config', '.vitest.config.ts', ...reporters];
    const code = await run(program, args, { env: toolEnvironment() });
    return totals(code, output, (read) => ({
      passed: read.numPassedTests,
      failed: read.numFailedTests,
      skipped: read.numPendingTests + read.numTodoTests,
    }));
  },
  build: async () => {
    await ensureBuilt();
    return { passed: 1, failed: 0, skipped: 0 };
  },
  e2e: async () => {
    const output = report('playwright');
    const env = toolEnvironment({
      PIPEWRIGHT_CHROMIUM: await ensureChromium(),
      PLAYWRIGHT_JSON_OUTPUT_FILE: output,
    });
    const args = ['test', '--config', join('e2e', 'playwright.config.ts'), '--reporter=list,json'];
    const code = await run(join(modules, '.bin', 'playwright'), args, { env });
    return totals(code, output, ({ stats }) => ({
      passed: stats.expected + stats.flaky,
      failed: stats.unexpected,
      skipped: stats.skipped,
    }));
  },
};

/** What the tool's own report says; a tool that failed without naming a test is one failure. */
async function totals(code, file, read) {
  const text = await readFile(file, 'utf8').catch(() => null);
  const counted = text === null ? { passed: 0, failed: 0, skipped: 0 } : read(JSON.parse(text));
  const silent = (code !== 0 || text === null || counted.passed === 0) && counted.failed === 0;
  return silent ? { ...counted, failed: 1 } : counted;
}

async function runSteps(names) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  const lines = [];
  for (const name of names) {
    say(`── ${name}`);
    const began = performance.now();
    const result = await steps[name]().catch((error) => {
      process.stderr.write(`${error.message}\n`);
      return { passed: 0, failed: 1, skipped: 0 };
    });
    const seconds = ((performance.now() - began) / 1_000).toFixed(1);
    const verdict = result.failed === 0 ? 'ok' : `FAILED (${result.failed})`;
    lines.push(`${name.padEnd(14)} ${seconds.padStart(7)} s  ${verdict}`);
    for (const key of Object.keys(sum)) sum[key] += result[key];
  }
  process.stdout.write(`\n${lines.join('\n')}\n`);
  return sum;
}

function chosenSteps(args) {
  const all = Object.keys(steps);
  const listOf = (flag) =>
    args
      .find((arg) => arg.startsWith(flag))
      ?.slice(flag.length)
      .split(',');
  const only = listOf('--only=');
  const without = listOf('--without=') ?? [];
  const unknown = [...(only ?? []), ...without].filter((name) => !all.includes(name));
  if (unknown.length > 0)
    throw new Error(`no such step: ${unknown.join(', ')} (there are ${all.join(', ')})`);
  return all.filter((name) => (only?.includes(name) ?? true) && !without.includes(name));
}

endChildrenOnSignal();
try {
  const names = chosenSteps(process.argv.slice(2));
  process.chdir(root);
  await ensureInstalled();
  const sum = await runSteps(names);
  if (sum.skipped > 0) process.stdout.write(`${sum.skipped} skipped\n`);
  process.stdout.write(`${sum.passed} passed, ${sum.failed} failed\n`);
  process.exitCode = sum.failed === 0 ? 0 : 1;
} catch (error) {
  process.stderr.write(`[pipewright] ${error.message}\n`);
  process.exitCode = 1;
}
