import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CodeError } from '../code-error.ts';
import type { CodeRequest } from '../message.ts';
import { createPythonRunner } from './runner.ts';

const runner = createPythonRunner({ workers: 2, log: () => {} });
beforeAll(() => run('return 1'), 60_000);
afterAll(() => runner.close());

const never = new AbortController().signal;

function run(source: string, request: Partial<CodeRequest> = {}, signal = never) {
  return runner.run({ source, globals: {}, timeoutMs: 10_000, memoryMb: 64, ...request }, signal);
}

async function failure(source: string, request: Partial<CodeRequest> = {}): Promise<CodeError> {
  const error: unknown = await run(source, request).then(
    (result) => new Error(`gave ${JSON.stringify(result)}`),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(CodeError);
  return error as CodeError;
}

async function listening(): Promise<{ port: number; calls: () => number; close: () => void }> {
  let calls = 0;
  const server = createServer((socket) => {
    calls++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { port, calls: () => calls, close: () => server.close() };
}

describe('what the code sees', () => {
  it('is nothing of JavaScript', async () => {
    const source =
      'import gc, sys\nfor name in list(sys.modules):\n  if sys.modules[name] is None: del sys.modules[name]\n' +
      'found = [repr(o) for o in gc.get_objects() if any(c.__name__ == "JsProxy" for c in type(o).__mro__)]\n' +
      'held = [str(vars(o)) for o in gc.get_objects() if type(o).__name__ == "JsLoader"]\n' +
      'try:\n  import js\nexcept ImportError as error:\n  return [found, [h for h in held if h != "{}"], str(error)]';
    expect((await run(source)).value).toEqual([[], [], "No module named 'js'"]);
  });

  it('is no file, process, variable or network of the host', async () => {
    const source =
      'import os\nreturn [dict(os.environ), os.path.exists("/etc/passwd"), os.path.exists("/work")]';
    expect((await run(source)).value).toEqual([{}, false, false]);
    const server = await listening();
    const tries = `
import socket, subprocess, threading, urllib.request
def failing(act):
  try:
    act()
  except Exception as error:
    return type(error).__name__
return [
  failing(lambda: subprocess.run(["ls"])),
  failing(lambda: threading.Thread(target=print).start()),
  failing(lambda: socket.create_connection(("127.0.0.1", ${server.port}), timeout=2)),
  failing(lambda: urllib.request.urlopen("http://127.0.0.1:${server.port}/")),
]`;
    expect((await run(tries)).value).toEqual(['OSError', 'RuntimeError', 'OSError', 'URLError']);
    expect(server.calls()).toBe(0);
    server.close();
  });

  it('keeps nothing from an earlier run', async () => {
    await run(
      'import builtins, json, sys, random\nbuiltins.mark = 1\njson.loads = None\nsys.modules["mark"] = json\n' +
        'random.seed(1)\nopen("/tmp/mark", "w").write("x")',
    );
    const source =
      'import builtins, json, os, sys, random\n' +
      'return [hasattr(builtins, "mark"), json.loads("1"), "mark" in sys.modules, os.path.exists("/tmp/mark"), ' +
      'random.random()]';
    const seen = [];
    for (let time = 0; time < 3; time++) seen.push((await run(source)).value as unknown[]);
    for (const one of seen) expect(one.slice(0, 4)).toEqual([false, 1, false, false]);
    expect(new Set(seen.map((one) => one[4])).size).toBe(3);
  });
});

it('keeps what is printed, in order, also of a run that is killed', async () => {
  const { logs } = await run(
    'import sys\nprint("a", 1)\nprint("b", file=sys.stderr)\nprint("žluť")\nreturn 1',
  );
  expect(logs).toEqual(['a 1', 'b', 'žluť']);
  const stuck = await failure('print("so far")\nwhile True: pass', { timeoutMs: 300 });
  expect(stuck.logs).toEqual(['so far']);
  const long = await run('for n in range(2000): print("é" * 100)');
  expect(Buffer.byteLength(long.logs.join('\n'))).toBeLessThan(65 * 1024);
  expect(long.logs.at(-1)).toContain('log cut');
});

describe('limits', () => {
  it.each([
    ['print(sum(range(10**12)))', 'code_timeout'],
    ['return "x" * 2**30', 'code_memory'],
    ['a = []\nwhile True: a.append("y" * 10**6)', 'code_memory'],
    ['import sys\nsys.setrecursionlimit(10**9)\ndef f(): return f()\nf()', 'code_error'],
  ])('end %j with %s and leave the runner working', async (source, code) => {
    const error = await failure(source, { timeoutMs: code === 'code_timeout' ? 500 : 30_000 });
    expect(error.code).toBe(code);
    expect((await run('return 1')).value).toBe(1);
  });

  it('kill within a second of the limit', async () => {
    const { logs } = await failure('import time\nprint(time.time())\nwhile True: pass', { timeoutMs: 500 });
    expect(Date.now() - Number(logs[0]) * 1_000).toBeLessThan(1_500);
  });

  it('abort at once, whether running or queued', async () => {
    const stop = new AbortController();
    const busy = [1, 2, 3].map(() => run('while True: pass', { timeoutMs: 30_000 }, stop.signal));
    const settled = Promise.allSettled(busy);
    const began = performance.now();
    stop.abort();
    for (const outcome of await settled) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'aborted' } });
    }
    expect(performance.now() - began).toBeLessThan(3_000);
    await expect(run('return 1', {}, stop.signal)).rejects.toMatchObject({ code: 'aborted' });
    expect((await run('return 1')).value).toBe(1);
  });
});

describe('an interpreter that is killed', () => {
  /** Those of this process that stand ready or work. */
  const interpreters = (): number[] =>
    readdirSync('/proc').flatMap((name) => {
      try {
        const [, parent] = /\) \S (\d+) /.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? [];
        const isOurs = Number(parent) === process.pid;
        const isPython = isOurs && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('interpreter.ts');
        return isPython ? [Number(name)] : [];
      } catch {
        return [];
      }
    });

  it.runIf(process.platform === 'linux')('before it begins leaves its run to another one', async () => {
    await run('return 1');
    await vi.waitFor(() => expect(interpreters()).toHaveLength(1), 20_000);
    for (const pid of interpreters()) process.kill(pid, 'SIGKILL');
    // Enough that it cannot be read at once: what is left unread resets the channel.
    expect((await run('return len(text)', { globals: { text: 'x'.repeat(1_000_000) } })).value).toBe(
      1_000_000,
    );
  });

  it('while it is handed its run takes nothing else with it', async () => {
    const stop = new AbortController();
    const asked = run('return 1', { globals: { text: 'x'.repeat(1_000_000) } }, stop.signal);
    setImmediate(() => stop.abort());
    await expect(asked).rejects.toMatchObject({ code: 'aborted' });
    expect((await run('return 2')).value).toBe(2);
  });
});
