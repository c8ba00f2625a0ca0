import { loadPyodide } from 'pyodide';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CodeReply } from '../protocol.ts';
import { PRELUDE } from './prelude.ts';
import { replyOf } from './reply.ts';

/** One interpreter for all cases, here in the test's own process: what it is shut in by has its tests beside the runner. */
let call: (source: string, globals: string) => string;
beforeAll(async () => {
  const python = await loadPyodide({
    jsglobals: Object.create(null) as object,
    stdout: () => {},
    stderr: () => {},
  });
  python.runPython(PRELUDE);
  call = python.globals.get('_run') as typeof call;
}, 60_000);

function reply(source: string, globals: Record<string, unknown> = {}): CodeReply {
  return replyOf(call(source, JSON.stringify(globals)), { source, memoryMb: 64 });
}

function valueOf(source: string, globals: Record<string, unknown> = {}): unknown {
  const answer = reply(source, globals);
  if (!answer.ok) throw new Error(answer.message);
  return JSON.parse(answer.value);
}

describe('the result', () => {
  it.each<[string, unknown]>([
    ['return 1', 1],
    ['return 1.5', 1.5],
    ['return "7"', '7'],
    ['return False', false],
    ['return None', null],
    ['return [1, {"a": [True]}]', [1, { a: [true] }]],
    ['return 1, 2', [1, 2]],
    ['return "žluť 🎈"', 'žluť 🎈'],
    ['', null],
    ['result = {"a": 1}', { a: 1 }],
    ['result = 3\nreturn 4', 4],
    ['global result\nresult = 5', 5],
    ['async def f(): return 6\nreturn await f()', 6],
    ['import datetime, re\ndef f(n):\n  return 1 if n < 2 else n * f(n - 1)\nreturn f(5)', 120],
    [
      'from collections import Counter, OrderedDict\nreturn [Counter("aab"), OrderedDict(x=1)]',
      [{ a: 2, b: 1 }, { x: 1 }],
    ],
  ])('of %j is %j', (source, value) => {
    expect(valueOf(source)).toEqual(value);
  });

  it.each([
    ['return float("inf")', 'inf'],
    ['return {"a": {"b": float("nan")}}', 'nan, which JSON cannot carry at "a.b"'],
    ['return {"n": 2**60}', 'turn it into a str at "n"'],
    [
      'import datetime\nreturn datetime.date(2020, 1, 1)',
      'a date, which JSON cannot carry; use .isoformat()',
    ],
    ['return {1, 2}', 'a set, which JSON cannot carry; use list()'],
    ['return (n for n in [1])', 'a generator'],
    ['return b"x"', 'a bytes, which JSON cannot carry; use .decode()'],
    ['class Odd: pass\nreturn [Odd()]', 'a Odd, which JSON cannot carry at "0"'],
    ['return {1: 2}', 'a key of type int'],
    ['return {"__proto__": 1}', '__proto__'],
    ['return "\\ud800"', 'surrogate'],
    ['a = []\na.append(a)\nreturn a', 'refers to itself'],
    ['a = []\nfor n in range(200): a = [a]\nreturn a', '128 levels'],
    ['return "x" * (4 * 1024 * 1024)', 'larger than 4 MiB'],
  ])('of %j is refused with the reason', (source, words) => {
    const answer = reply(source);
    expect(answer.ok).toBe(false);
    expect(answer).toMatchObject({ message: expect.stringContaining(words) });
  });
});

it('gives the code its names, as values of its own and under the names of the reference too', () => {
  const globals = { trigger: { x: 1 }, nodes: { a: { out: [2] } }, inputs: { v: 3 }, input: 3 };
  const source =
    'trigger["x"] = 9\ninputs = inputs or {}\n' +
    'return [trigger, nodes["a"]["out"][0], inputs["v"], input, node_outputs["a"], state["node_outputs"]["a"]]';
  expect(valueOf(source, globals)).toEqual([{ x: 9 }, 2, 3, 3, { out: [2] }, { out: [2] }]);
});

describe('mistakes in the code', () => {
  it.each<[string, string, number | null]>([
    ['\n\nfoo.bar', "NameError: name 'foo' is not defined (line 3)", 3],
    ['a = 1\nb = = 2', 'SyntaxError', 2],
    ['if True:\nx = 1', 'IndentationError', 2],
    ['def f():\n  raise ValueError("no")\n\nf()', 'ValueError: no (line 2)', 2],
    ['import json\n\njson.loads("{")', 'JSONDecodeError', 3],
    ['def f(): return f()\nf()', 'RecursionError: too much recursion', 1],
    ['exit()', 'The code ended the program', 1],
    ['raise KeyboardInterrupt()', 'KeyboardInterrupt', 1],
    [
      'class Wait:\n  def __await__(self): yield 1\nawait Wait()',
      'waits for something that never happens',
      null,
    ],
    ['return eval("(" * 10**5)', 'Error', 1],
  ])('%j', (source, message, line) => {
    expect(reply(source)).toMatchObject({
      code: 'code_error',
      message: expect.stringContaining(message),
      line,
    });
  });
});
