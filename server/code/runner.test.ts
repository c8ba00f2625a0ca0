import { afterAll, describe, expect, it } from 'vitest';
import { CodeError } from './code-error.ts';
import type { CodeRequest } from './message.ts';
import { createCodeRunner } from './runner.ts';

const runner = createCodeRunner({ workers: 2, log: () => {} });
afterAll(() => runner.close());

const never = new AbortController().signal;

function run(source: string, request: Partial<CodeRequest> = {}, signal = never) {
  return runner.run({ source, globals: {}, timeoutMs: 5_000, memoryMb: 64, ...request }, signal);
}

async function failure(source: string, request: Partial<CodeRequest> = {}): Promise<CodeError> {
  const error: unknown = await run(source, request).then(
    (result) => new Error(`gave ${JSON.stringify(result)}`),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(CodeError);
  return error as CodeError;
}

describe('the result', () => {
  it.each<[string, unknown]>([
    ['return 1.5', 1.5],
    ['return "7"', '7'],
    ['return false', false],
    ['return null', null],
    ['return undefined', null],
    ['', null],
    ['return [1, {a: [true]}]', [1, { a: [true] }]],
    ['const result = {a: 1}', { a: 1 }],
    ['result = 3 // set, not declared', 3],
    ['result = 3; return 4', 4],
    ['return await Promise.resolve(5)', 5],
    ['const f = async () => 6; result = await f()', 6],
    ['return new Date(0)', '1970-01-01T00:00:00.000Z'],
  ])('of %j is %j', async (source, value) => {
    expect((await run(source)).value).toEqual(value);
  });

  it.each([
    ['return Infinity', 'Infinity'],
    ['return {a: {b: NaN}}', 'NaN'],
    ['return {n: 10n}', 'BigInt'],
    ['const a = {}; a.a = a; return a', 'refers to itself'],
    ['return () => 1', 'function'],
    ['return new Map([[1, 2]])', 'Object.fromEntries'],
    ['return {["__proto__"]: 1}', '__proto__'],
    ['let a = []; for (let i = 0; i < 200; i++) a = [a]; return a', '128 levels'],
  ])('of %j is refused with the reason', async (source, words) => {
    const error = await failure(source);
    expect(error.code).toBe('code_error');
    expect(error.message).toContain(words);
  });

  it('may be 4 MiB and no more', async () => {
    expect((await run('return "x".repeat(4 * 1024 * 1024 - 2)')).value).toHaveLength(4 * 1024 * 1024 - 2);
    expect((await failure('return "x".repeat(4 * 1024 * 1024)')).code).toBe('output_too_large');
    expect((await failure('return "é".repeat(3 * 1024 * 1024)')).code).toBe('output_too_large');
  });
});

describe('what the code sees', () => {
  it('is its globals, as copies', async () => {
    const trigger = { x: 1 };
    const globals = { trigger, nodes: { a: { out: [2] } }, inputs: { v: 3 }, input: 3, idempotencyKey: 'k' };
    const source = 'trigger.x = 9; return [trigger, nodes.a.out[0], inputs.v, input, idempotencyKey]';
    expect((await run(source, { globals })).value).toEqual([{ x: 9 }, 2, 3, 3, 'k']);
    expect(trigger).toEqual({ x: 1 });
  });

  it('is nothing of the host', async () => {
    const names = ['process', 'require', 'fetch', 'setTimeout', 'WebAssembly', 'Buffer', 'module', 'Worker'];
    const source = `return [${names.map((name) => `typeof ${name}`).join()}]`;
    expect((await run(source)).value).toEqual(names.map(() => 'undefined'));
    expect((await failure('return (await import("node:fs")).readFileSync("/etc/passwd")')).code).toBe(
      'code_error',
    );
    expect((await run('return Function("return typeof process")()')).value).toBe('undefined');
  });

  it('is refused when larger than 4 MiB', async () => {
    const error = await failure('return 1', { globals: { trigger: 'x'.repeat(5 * 1024 * 1024) } });
    expect(error.message).toContain('5.0 MiB');
  });

  it('keeps nothing from an earlier run', async () => {
    await run('globalThis.mark = 1; Array.prototype.mark = 1; Object.prototype.mark = 1; JSON.parse = null');
    for (let i = 0; i < 4; i++) {
      expect((await run('return [typeof mark, typeof [].mark, typeof JSON.parse]')).value).toEqual([
        'undefined',
        'undefined',
        'function',
      ]);
    }
    expect(Reflect.get(Object.prototype, 'mark')).toBeUndefined();
  });

  it('cannot change how its result is carried', async () => {
    const source = 'JSON.stringify = () => "[[["; Promise.prototype.then = () => 1; return {ok: 1}';
    expect((await run(source)).value).toEqual({ ok: 1 });
  });
});

describe('logs', () => {
  it('are kept as text in order', async () => {
    const { logs } = await run('log("a", 1, {b: [2]}); console.error(new Error("bad"), undefined)');
    expect(logs).toEqual(['a 1 {"b":[2]}', 'Error: bad undefined']);
  });

  it('are cut at 64 KiB and say so', async () => {
    const { logs } = await run('for (let i = 0; i < 900; i++) log("é".repeat(100))');
    expect(Buffer.byteLength(logs.join('\n'))).toBeLessThan(65 * 1024);
    expect(logs.at(-1)).toContain('log cut');
    expect((await run('log("x".repeat(1e7))')).logs[0]).toHaveLength(64 * 1024);
  });

  it('come with a failure', async () => {
    expect((await failure('log("so far"); throw new Error("no")')).logs).toEqual(['so far']);
  });
});

describe('mistakes in the code', () => {
  it.each<[string, string, number | null]>([
    ['\n\nfoo.bar', "ReferenceError: 'foo' is not defined (line 3)", 3],
    ['let a\nconst b = ;', 'SyntaxError', 2],
    ['if (1) {', 'SyntaxError', 1],
    ['throw "boom"', 'boom', null],
    ['throw {code: 7}', '{"code":7}', null],
    ['await new Promise(() => {})', 'waits for something that never happens', null],
  ])('%j', async (source, message, line) => {
    const error = await failure(source);
    expect(error.code).toBe('code_error');
    expect(error.message).toContain(message);
    expect(error.line).toBe(line);
  });
});

describe('limits', () => {
  it.each([
    ['while (true) {}'],
    ['for (;;) await null'],
    ['const a = new Uint8Array(5e7); for (;;) a.fill(1)'],
    ['const a = []; a.length = 2 ** 32 - 1; return a.join("x").length'],
    ['}); for (;;) {} (function () {'],
  ])('stop %j within a second of the limit', async (source) => {
    const began = performance.now();
    const error = await failure(source, { timeoutMs: 500 });
    expect(error.code).toBe('code_timeout');
    expect(error.message).toContain('0.5 s');
    expect(performance.now() - began).toBeLessThan(1_500);
    expect((await run('return 1')).value).toBe(1);
  });

  it.each([
    ['return "x".repeat(2 ** 30 - 2).length', 'code_memory'],
    ['let s = "x".repeat(2 ** 20); const a = []; for (;;) a.push((s += s))', 'code_memory'],
    ['new Array(2 ** 31).fill(0)', 'code_memory'],
    ['const f = () => f(); f()', 'code_error'],
    ['let a = []; for (let i = 0; i < 1e5; i++) a = [a]; return a', 'code_error'],
    ['return JSON.parse("[".repeat(1e6))', 'code_error'],
    ['return eval("(".repeat(1e5))', 'code_error'],
  ])('end %j with %s and leave the runner working', async (source, code) => {
    expect((await failure(source)).code).toBe(code);
    expect((await run('return 1')).value).toBe(1);
  });

  it('abort at once, whether running or queued', async () => {
    const stop = new AbortController();
    const busy = [1, 2, 3].map(() => run('for (;;);', { timeoutMs: 30_000 }, stop.signal));
    const settled = Promise.allSettled(busy);
    const began = performance.now();
    stop.abort();
    for (const outcome of await settled) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'aborted' } });
    }
    expect(performance.now() - began).toBeLessThan(1_000);
    await expect(run('return 1', {}, stop.signal)).rejects.toMatchObject({ code: 'aborted' });
  });

  it('kill one run without disturbing another', async () => {
    const stop = new AbortController();
    const stuck = run('const a = []; a.length = 2 ** 32 - 1; a.join()', { timeoutMs: 30_000 }, stop.signal);
    const rejected = expect(stuck).rejects.toMatchObject({ code: 'aborted' });
    const other = run('const end = Date.now() + 300; while (Date.now() < end); return "done"');
    stop.abort();
    await rejected;
    expect((await other).value).toBe('done');
  });
});
