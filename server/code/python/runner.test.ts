import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

/** One interpreter for many expressions: each starts a process otherwise. */
async function values(expressions: string[]): Promise<unknown> {
  return (await run(`return [${expressions.join(', ')}]`)).value;
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

describe('the result', () => {
  it('keeps its type', async () => {
    expect(await values(['1', '1.5', '"7"', 'False', 'None', '[1, {"a": [True]}]', '(1, 2)', '"žluť 🎈"'])).toEqual([
      1,
      1.5,
      '7',
      false,
      null,
      [1, { a: [true] }],
      [1, 2],
      'žluť 🎈',
    ]);
  });

  it.each<[string, unknown]>([
    ['', null],
    ['result = {"a": 1}', { a: 1 }],
    ['async def f(): return 6\nreturn await f()', 6],
    ['import datetime, re\ndef f(n):\n  return 1 if n < 2 else n * f(n - 1)\nreturn f(5)', 120],
  ])('of %j is %j', async (source, value) => {
    expect((await run(source)).value).toEqual(value);
  });

  it.each([
    ['return {"a": {"b": float("nan")}}', 'nan, which JSON cannot carry at "a.b"'],
    ['return {"n": 2**60}', 'turn it into a str at "n"'],
    ['import datetime\nreturn datetime.date(2020, 1, 1)', 'a date, which JSON cannot carry; use .isoformat()'],
    ['class Odd: pass\nreturn [Odd()]', 'a Odd, which JSON cannot carry at "0"'],
    ['return {1: 2}', 'a key of type int'],
    ['a = []\na.append(a)\nreturn a', 'refers to itself'],
    ['a = []\nfor n in range(200): a = [a]\nreturn a', '128 levels'],
    ['return "x" * (4 * 1024 * 1024)', 'larger than 4 MiB'],
  ])('of %j is refused with the reason', async (source, words) => {
    expect((await failure(source)).message).toContain(words);
  });
});

describe('what the code sees', () => {
  it('is its globals, as copies and under the names of the reference too', async () => {
    const trigger = { x: 1 };
    const globals = { trigger, nodes: { a: { out: [2] } }, inputs: { v: 3 }, input: 3 };
    const source =
      'trigger["x"] = 9\ninputs = inputs or {}\n' +
      'return [trigger, nodes["a"]["out"][0], inputs["v"], input, node_outputs["a"], state["node_outputs"]["a"]]';
    expect((await run(source, { globals })).value).toEqual([{ x: 9 }, 2, 3, 3, { out: [2] }, { out: [2] }]);
    expect(trigger).toEqual({ x: 1 });
  });

  it('is nothing of JavaScript', async () => {
    for (const name of ['js', 'pyodide.http', 'micropip']) {
      expect((await failure(`import ${name}`)).message).toContain('ModuleNotFoundError');
    }
    const source =
      'import gc, sys\nfor name in list(sys.modules):\n  if sys.modules[name] is None: del sys.modules[name]\n' +
      'found = [repr(o) for o in gc.get_objects() if any(c.__name__ == "JsProxy" for c in type(o).__mro__)]\n' +
      'held = [str(vars(o)) for o in gc.get_objects() if type(o).__name__ == "JsLoader"]\n' +
      'try:\n  import js\nexcept ImportError as error:\n  return [found, [h for h in held if h != "{}"], str(error)]';
    expect((await run(source)).value).toEqual([[], [], "No module named 'js'"]);
  });

  it('is no file, process, variable or network of the host', async () => {
    const source = 'import os\nreturn [dict(os.environ), os.path.exists("/etc/passwd"), os.path.exists("/work")]';
    expect((await run(source)).value).toEqual([{}, false, false]);
    expect((await failure('import subprocess\nsubprocess.run(["ls"])')).message).toContain('processes');
    expect((await failure('import threading\nthreading.Thread(target=print).start()')).message).toContain('thread');
    const server = await listening();
    const call = `import socket\nsocket.create_connection(("127.0.0.1", ${server.port}), timeout=2)`;
    expect((await failure(call)).code).toBe('code_error');
    const fetch = `import urllib.request\nurllib.request.urlopen("http://127.0.0.1:${server.port}/")`;
    expect((await failure(fetch)).code).toBe('code_error');
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
  const { logs } = await run('import sys\nprint("a", 1)\nprint("b", file=sys.stderr)\nprint("žluť")\nreturn 1');
  expect(logs).toEqual(['a 1', 'b', 'žluť']);
  const stuck = await failure('print("so far")\nwhile True: pass', { timeoutMs: 300 });
  expect(stuck.logs).toEqual(['so far']);
  const long = await run('for n in range(2000): print("é" * 100)');
  expect(Buffer.byteLength(long.logs.join('\n'))).toBeLessThan(65 * 1024);
  expect(long.logs.at(-1)).toContain('log cut');
});

describe('mistakes in the code', () => {
  it.each<[string, string, number | null]>([
    ['\n\nfoo.bar', "NameError: name 'foo' is not defined (line 3)", 3],
    ['a = 1\nb = = 2', 'SyntaxError', 2],
    ['def f():\n  raise ValueError("no")\n\nf()', 'ValueError: no (line 2)', 2],
    ['import json\n\njson.loads("{")', 'JSONDecodeError', 3],
    ['def f(): return f()\nf()', 'RecursionError: too much recursion', 1],
    ['exit()', 'The code ended the program', 1],
  ])('%j', async (source, message, line) => {
    const error = await failure(source);
    expect(error.code).toBe('code_error');
    expect(error.message).toContain(message);
    expect(error.line).toBe(line);
  });
});

describe('limits', () => {
  it.each([
    ['while True: pass', 'code_timeout'],
    ['import time\ntime.sleep(1000)', 'code_timeout'],
    ['import re\nre.match("(a+)+$", "a" * 60 + "b")', 'code_timeout'],
    ['return "x" * 2**30', 'code_memory'],
    ['a = []\nwhile True: a.append("y" * 10**6)', 'code_memory'],
    ['import sys\nsys.setrecursionlimit(10**9)\ndef f(): return f()\nf()', 'code_error'],
    ['return eval("(" * 10**5)', 'code_error'],
  ])('end %j with %s and leave the runner working', async (source, code) => {
    const error = await failure(source, { timeoutMs: 1_000 });
    expect(error.code).toBe(code);
    expect((await run('return 1')).value).toBe(1);
  });

  it('kill within a second of the limit', async () => {
    await run('return 1');
    const times: number[] = [];
    for (let time = 0; time < 2; time++) {
      const { logs } = await failure('import time\nprint(time.time())\nwhile True: pass', { timeoutMs: 500 });
      times.push(Date.now() - Number(logs[0]) * 1_000);
    }
    for (const ms of times) expect(ms).toBeLessThan(1_500);
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
