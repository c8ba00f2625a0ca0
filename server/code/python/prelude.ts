/**
 * Runs inside Python before anything of the user's, and is part of the memory image every interpreter starts from.
 *
 * - `_prepare()`: after an interpreter has started: takes the ways to JavaScript and to raw memory out of reach.
 * - `_run(source, globals)`: runs the source as a function body. `globals` is the JSON text of its names. Gives back
 *   `v` and the result as JSON text, or `e` and a description of what went wrong, as JSON text too.
 *
 * Nothing here may import `random`: its state would be the same in every run.
 */
export const PRELUDE = `
def _define():
    import ast, builtins, codecs, gc, json, os, sys
    # In the image already, so that code that uses them need not wait for them.
    import base64, collections, copy, csv, dataclasses, datetime, decimal, functools, hashlib, html, itertools, math
    import operator, re, string, time, typing, urllib.parse
    loads, dumps, parse = json.loads, json.dumps, ast.parse
    sys.stdout.reconfigure(line_buffering=True)
    sys.stderr.reconfigure(line_buffering=True)

    FILE = 'code.py'
    CLOSED = (
        'js', 'pyodide_js', 'pyodide', '_pyodide', '_pyodide_core', 'micropip', 'pyodide_http', 'ctypes', '_ctypes',
    )
    HINTS = {
        'datetime': 'use .isoformat()', 'date': 'use .isoformat()', 'time': 'use .isoformat()',
        'Decimal': 'use float() or str()', 'UUID': 'use str()', 'bytes': 'use .decode()', 'bytearray': 'use .decode()',
        'set': 'use list()', 'frozenset': 'use list()', 'generator': 'use list()', 'map': 'use list()',
        'filter': 'use list()', 'zip': 'use list()', 'range': 'use list()', 'dict_keys': 'use list()',
        'dict_values': 'use list()', 'dict_items': 'use list()', 'coroutine': 'put await before it',
    }

    class Refused(Exception):
        pass

    def refuse(what, path):
        place = ' at "' + '.'.join(path)[:80] + '"' if path else ''
        raise Refused('The result holds ' + what + place + '.')

    def text_of(value, path):
        try:
            codecs.encode(value, 'utf-8')
        except UnicodeEncodeError:
            refuse('half of a surrogate pair, which is not valid text', path)
        return str.__str__(value)

    def plain(value, path, around):
        if value is None or value is True or value is False:
            return value
        if isinstance(value, str):
            return text_of(value, path)
        if isinstance(value, int):
            number = int.__index__(value)
            if not -9007199254740991 <= number <= 9007199254740991:
                refuse('an int beyond 2**53, which JSON cannot carry exactly; turn it into a str', path)
            return number
        if isinstance(value, float):
            number = float.__float__(value)
            if number - number != 0:
                refuse(repr(number) + ', which JSON cannot carry', path)
            return number
        if isinstance(value, (list, tuple, dict)):
            return container(value, path, around)
        name = type(value).__name__
        refuse('a ' + name + ', which JSON cannot carry' + ('; ' + HINTS[name] if name in HINTS else ''), path)

    def container(value, path, around):
        if id(value) in around:
            raise Refused('The result refers to itself, which JSON cannot carry.')
        if len(around) >= 128:
            raise Refused('The result is nested more than 128 levels deep.')
        inside = around | {id(value)}
        if not isinstance(value, dict):
            return [plain(item, path + (str(at),), inside) for at, item in enumerate(value)]
        made = {}
        for key, item in value.items():
            if not isinstance(key, str):
                refuse('a dict with a key of type ' + type(key).__name__ + '; use str keys', path)
            if key == '__proto__':
                refuse('a key named __proto__, which is not allowed', path)
            made[text_of(key, path)] = plain(item, path + (key,), inside)
        return made

    def compiled(source, names):
        tree = parse(source, FILE)
        tail = parse("return locals().get('result', globals().get('result'))").body
        shell = parse(('async def code(' + ', '.join(names) + '): pass'), FILE)
        shell.body[0].body = tree.body + tail
        last = source.count('\\n') + 1
        for node in tail:
            for part in ast.walk(node):
                if hasattr(part, 'lineno'):
                    part.lineno = part.end_lineno = last
        return compile(shell, FILE, 'exec')

    def finished(coroutine):
        try:
            while True:
                if coroutine.send(None) is not None:
                    raise Refused(
                        'The code waits for something that never happens. Nothing comes from outside in here, so '
                        'await only values that are already there.')
        except StopIteration as end:
            return end.value

    def innermost(error):
        line, trace = None, error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == FILE:
                line = trace.tb_lineno
            trace = trace.tb_next
        return line

    def described(error):
        if isinstance(error, MemoryError):
            return {'memory': True}
        if isinstance(error, Refused):
            return {'message': str(error)}
        if isinstance(error, SyntaxError) and error.filename == FILE:
            return {'name': type(error).__name__, 'message': str(error.msg), 'line': error.lineno}
        if isinstance(error, RecursionError):
            return {'name': 'RecursionError', 'message': 'too much recursion', 'line': innermost(error)}
        if isinstance(error, SystemExit):
            return {'message': 'The code ended the program with exit(). Use return to end early',
                    'line': innermost(error)}
        try:
            message = str(error)[:2000]
        except Exception:
            message = ''
        return {'name': type(error).__name__, 'message': message, 'line': innermost(error)}

    def run(source, given):
        try:
            names = loads(given)
            if 'nodes' in names:
                names['node_outputs'] = names['nodes']
                names['state'] = {'trigger': names.get('trigger'), 'node_outputs': names['nodes']}
            module = {'__name__': '__main__', '__builtins__': builtins}
            exec(compiled(source, names), module)
            value = finished(module['code'](**names))
            return 'v' + dumps(plain(value, (), frozenset()), ensure_ascii=False, separators=(',', ':'))
        except BaseException as error:
            return 'e' + dumps(described(error))
        finally:
            try:
                sys.stdout.flush()
                sys.stderr.flush()
            except BaseException:
                pass

    def prepare():
        closed = lambda name: name.split('.')[0] in CLOSED
        # What these hold leads to JavaScript, and an object can be found without its name.
        for found in gc.get_objects():
            if type(found).__name__ in ('JsFinder', 'JsLoader') and closed(type(found).__module__):
                vars(found).clear()
        for name in [name for name in sys.modules if closed(name)] + list(CLOSED):
            sys.modules[name] = None
        sys.meta_path[:] = [finder for finder in sys.meta_path if not closed(type(finder).__module__)]
        os.environ.clear()
        # It would go on from the same state in every run.
        if 'random' in sys.modules:
            sys.modules['random'].seed()
        gc.collect()

    return prepare, run

_prepare, _run = _define()
del _define
`;
