import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiDocument } from './fuzz-request.ts';
import { openStage, type Stage } from './test-stage.ts';
import { typedCalls } from './typed-client.ts';

const run = promisify(execFile);
const packageFile = createRequire(import.meta.url).resolve;
const hook = fileURLToPath(new URL('./typed-client-hook.mjs', import.meta.url));

let stage: Stage;
let folder: string;
let document: ApiDocument;
beforeAll(async () => {
  stage = await openStage();
  folder = await mkdtemp(join(tmpdir(), 'pipewright-client-'));
  document = (await stage.client.send({ method: 'GET', path: '/api/v1/openapi.json' })).body as ApiDocument;
  await writeFile(join(folder, 'openapi.json'), JSON.stringify(document));
  const generator = join(dirname(packageFile('openapi-typescript/package.json')), 'bin', 'cli.js');
  const files = [join(folder, 'openapi.json'), '-o', join(folder, 'api.d.ts')];
  await run(process.execPath, ['--import', hook, generator, ...files]);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await stage.close();
});

/** What the type checker says to this program, as lines; none when it is content. */
async function complaints(program: string): Promise<string[]> {
  await writeFile(join(folder, 'calls.ts'), program);
  const options = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    module: 'esnext',
    moduleResolution: 'bundler',
  };
  const config = {
    compilerOptions: { ...options, allowImportingTsExtensions: true, types: [] },
    files: ['calls.ts'],
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const compiler = join(dirname(packageFile('typescript/package.json')), 'bin', 'tsc');
  try {
    await run(process.execPath, [compiler, '-p', folder]);
    return [];
  } catch (error) {
    return String((error as { stdout?: string }).stdout)
      .trim()
      .split('\n');
  }
}

test('the types generated from the served document know every operation, its answers and its errors', async () => {
  const program = typedCalls(document);
  expect(program.match(/= call\(/g)?.length).toBeGreaterThan(60);
  expect(await complaints(program)).toEqual([]);
}, 120_000);

test('and refuse a wrong path, a missing parameter and a wrong body', async () => {
  const wrong = [
    "call('get', '/nothing/', { params: {}, body: undefined });",
    "call('put', '/workflows/', { params: {}, body: undefined });",
    "call('get', '/workflows/{workflow_slug}/', { params: {}, body: undefined });",
    "call('post', '/workflows/', { params: {}, body: { name: 7, slug: 'x' } });",
    "said(call('get', '/auth/me/', { params: {}, body: undefined }).data.nothing);",
  ];
  const prelude = typedCalls({ ...document, paths: {} });
  const found = await complaints(`${prelude}\n${wrong.join('\n')}`);
  const lines = new Set(found.flatMap((line) => /calls\.ts\((\d+),/.exec(line)?.[1] ?? []));
  expect(lines.size, found.join('\n')).toBe(wrong.length);
}, 120_000);
