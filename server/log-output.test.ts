import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { until } from './http/test-server.ts';
import { createLogOutput } from './log-output.ts';

it('writes every line to the file as well, and goes on without one that cannot be written', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pipewright-log-'));
  try {
    const output = createLogOutput();
    const file = join(folder, 'logs', 'server.log');
    output.openFile(file, () => undefined);
    output.write('{"msg":"one"}\n');
    output.write('{"msg":"two"}\n');
    await until(async () => (await readFile(file, 'utf8').catch(() => '')).endsWith('"two"}\n'));
    expect(await readFile(file, 'utf8')).toBe('{"msg":"one"}\n{"msg":"two"}\n');
    const broken = createLogOutput();
    const failed = new Promise<Error>((resolve) => broken.openFile(folder, resolve));
    expect((await failed).message).toContain('EISDIR');
    broken.write('{"msg":"three"}\n');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
