import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

// The bans that keep the product safe are lint rules; each is broken once here and must be reported.

const root = fileURLToPath(new URL('../..', import.meta.url));

const planted: [rule: string, file: string, text: string][] = [
  ['eslint(no-eval)', 'src/domain/eval.ts', "export const one = eval('1');"],
  ['eslint(no-new-func)', 'src/domain/function.ts', "export const one = new Function('return 1');"],
  ['node(no-process-env)', 'server/http/env.ts', "export const home = process.env['HOME'];"],
  [
    'eslint(no-restricted-globals)',
    'server/engine/fetch.ts',
    "export const page = await fetch('https://example.com');",
  ],
  ['eslint(no-restricted-globals)', 'src/nodes/alpha/executor.ts', "export const page = await fetch('/');"],
  [
    'eslint(no-restricted-properties)',
    'e2e/wait.ts',
    'export const wait = (page: { waitForTimeout(ms: number): void }) => page.waitForTimeout(100);',
  ],
  ['eslint(max-lines)', 'server/http/long.ts', `export const long = 1;\n${'// line\n'.repeat(400)}`],
  [
    'typescript(no-explicit-any)',
    'src/domain/any.ts',
    'export const anything = (value: any) => typeof value;',
  ],
  [
    'typescript(no-floating-promises)',
    'server/http/floating.ts',
    'export const start = () => { Promise.resolve(1); };',
  ],
  [
    'typescript(switch-exhaustiveness-check)',
    'src/domain/switch.ts',
    "export function f(side: 'left' | 'right') { switch (side) { case 'left': return 1; } return 2; }",
  ],
];

const innocent: [file: string, text: string][] = [
  ['server/config.ts', "export const home = process.env['HOME'];"],
  ['server/egress/fetch.ts', "export const page = await fetch('https://example.com');"],
  ['src/client/fetch.ts', "export const page = await fetch('/api/v1/health');"],
];

let directory = '';
let reported: { code: string; filename: string }[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lint-'));
  for (const [file, text] of [...innocent, ...planted.map(([, path, content]) => [path, content] as const)]) {
    await mkdir(dirname(join(directory, file)), { recursive: true });
    await writeFile(join(directory, file), text);
  }
  for (const file of ['.oxlintrc.json', 'tsconfig.json', 'package.json']) {
    await copyFile(join(root, file), join(directory, file));
  }
  await symlink(join(root, 'node_modules'), join(directory, 'node_modules'));
  reported = await lint();
});
afterAll(() => rm(directory, { recursive: true }));

function lint(): Promise<typeof reported> {
  const program = join(root, 'node_modules', 'oxlint', 'bin', 'oxlint');
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [program, '--type-aware', '--format=json', 'src', 'server', 'e2e'],
      { cwd: directory },
      (error, stdout) => {
        if (stdout === '') reject(error ?? new Error('no report'));
        else resolve((JSON.parse(stdout) as { diagnostics: typeof reported }).diagnostics);
      },
    );
  });
}

test.each(planted)('%s is reported for %s', (rule, file) => {
  expect(reported.filter(({ filename }) => filename === file).map(({ code }) => code)).toContain(rule);
});

test('what is allowed where it belongs is not reported', () => {
  const files = innocent.map(([file]) => file);
  expect(reported.filter(({ filename }) => files.includes(filename))).toEqual([]);
});
