/**
 * Runs inside QuickJS before the user's code. It keeps its own references to the built-ins it needs, so that code
 * which changes `JSON` or a prototype changes only its own view. `emit` is the one host function: it takes a line.
 *
 * - `define(name, text)`: a global whose JSON is parsed when it is first read.
 * - `finish(value)`: the result as JSON text; throws where JSON would lose or change something silently.
 * - `describe(error)`: name, message and stack as JSON text.
 */
export const PRELUDE = `(emit) => {
  const { parse, stringify } = JSON;
  const { defineProperty } = Object;
  const { apply } = Reflect;
  const { slice, indexOf } = String.prototype;
  const { isArray } = Array;
  const KnownError = Error, Complaint = TypeError, Text = String, Maps = Map, Sets = Set;
  const cut = (text, length) => apply(slice, text, [0, length]);

  const show = (value) => {
    if (typeof value === 'string') return value;
    if (value instanceof KnownError) return value.name + ': ' + value.message;
    if (typeof value === 'object' && value !== null) {
      try { return stringify(value) ?? Text(value); } catch { return '[object that cannot be shown]'; }
    }
    return Text(value);
  };
  const log = (...values) => {
    let line = '';
    for (let i = 0; i < values.length; i++) line += (i === 0 ? '' : ' ') + cut(show(values[i]), 70000);
    emit(cut(line, 70000));
  };
  const put = (name, value) =>
    defineProperty(globalThis, name, { value, writable: true, enumerable: true, configurable: true });
  put('console', { log, info: log, warn: log, error: log, debug: log });
  put('log', log);

  const define = (name, text) =>
    defineProperty(globalThis, name, {
      get() { const value = parse(text); put(name, value); return value; },
      set(value) { put(name, value); },
      enumerable: true,
      configurable: true,
    });

  const refuse = (key, what) => {
    throw new Complaint('The result holds ' + what + (key === '' ? '' : ' at "' + cut(key, 80) + '"') + '.');
  };
  const check = (key, item) => {
    if (key === '__proto__') refuse('', 'a key named __proto__, which is not allowed');
    if (typeof item === 'number' && item - item !== 0) refuse(key, Text(item) + ', which JSON cannot carry');
    if (typeof item === 'function') refuse(key, 'a function, which JSON cannot carry');
    if (typeof item === 'symbol') refuse(key, 'a symbol, which JSON cannot carry');
    if (typeof item === 'bigint') refuse(key, 'a BigInt; turn it into a number or a string');
    if (item instanceof Maps) refuse(key, 'a Map; use Object.fromEntries(map)');
    if (item instanceof Sets) refuse(key, 'a Set; use [...set]');
    return item;
  };
  const finish = (value) => {
    if (value === undefined) return 'null';
    let text;
    try {
      text = stringify(value, check);
    } catch (error) {
      if (error instanceof Complaint && apply(indexOf, Text(error.message), ['circular']) !== -1)
        throw new Complaint('The result refers to itself, which JSON cannot carry.');
      throw error;
    }
    return typeof text === 'string' ? text : 'null';
  };
  const describe = (error) => {
    if (!(error instanceof KnownError)) return stringify({ name: '', message: cut(show(error), 2000), stack: '' });
    const field = (name) => cut(Text(error[name] ?? ''), 4000);
    return stringify({ name: field('name'), message: field('message'), stack: field('stack') });
  };
  return { define, finish, describe };
}`;
