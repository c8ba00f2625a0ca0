import { RE2JS } from 're2js';
import { isTooDeep, MOST_LEVELS, parseBounded } from '../bounded-json.ts';
import { StepError } from '../node/executor.ts';
import type { ParserConfig } from './config.ts';
import { fencedIn } from './fence.ts';

const MOST_MATCHES = 10_000;

/**
 * Reads a text as the parser is set up.
 * @throws StepError `parse_failed` or `bad_pattern`, both permanent
 */
export function parseOutput(config: ParserConfig, text: string): unknown {
  try {
    return readAs(config, text);
  } catch (error) {
    if (config.on_failure === 'text' && error instanceof StepError && error.code === 'parse_failed')
      return text;
    throw error;
  }
}

function readAs({ parser_type, pattern }: ParserConfig, text: string): unknown {
  switch (parser_type) {
    case 'json':
      return readJson(text);
    case 'regex':
      return readPattern(text, pattern);
    case 'list':
      return readList(text);
  }
}

const failed = (message: string): StepError => new StepError('parse_failed', message, { permanent: true });

function readJson(text: string): unknown {
  const found = jsonIn(text);
  if (found !== undefined) return found;
  if (isTooDeep(text)) throw failed(`The JSON in the text is nested more than ${MOST_LEVELS} levels deep.`);
  const start = text.trim().slice(0, 100);
  throw failed(`There is no JSON in the text${start === '' ? ', which is empty' : `: “${start}”`}.`);
}

/** The JSON value a text is, holds in a fenced block, or holds between its outermost brackets; else undefined. */
export function jsonIn(text: string): unknown {
  const candidates = [text, fencedIn(text), between(text, '{', '}'), between(text, '[', ']')];
  for (const candidate of candidates) {
    if (candidate === undefined) continue;
    try {
      return parseBounded(candidate);
    } catch {
      // The next candidate may be it.
    }
  }
  return undefined;
}

function between(text: string, open: string, close: string): string | undefined {
  const [start, end] = [text.indexOf(open), text.lastIndexOf(close)];
  return start >= 0 && end > start ? text.slice(start, end + 1) : undefined;
}

function readPattern(text: string, pattern: string): unknown {
  const compiled = compile(pattern);
  const names = Object.keys(compiled.namedGroups());
  const matcher = compiled.matcher(text);
  const found: unknown[] = [];
  while (found.length < MOST_MATCHES && matcher.find()) {
    if (names.length > 0) return Object.fromEntries(names.map((name) => [name, matcher.group(name) ?? null]));
    const groups = Array.from({ length: matcher.groupCount() }, (_, index) => matcher.group(index + 1) ?? '');
    found.push(groups.length === 0 ? matcher.group() : groups.length === 1 ? groups[0] : groups);
  }
  if (found.length === 0) throw failed('The pattern is found nowhere in the text.');
  return found;
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StepError('bad_pattern', `The pattern cannot be used: ${why}.`, { permanent: true });
  }
}

/** Lines without the marks and numbers they begin with; empty lines are left out. */
function readList(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/^\s*(?:[-*+•]\s+|\d{1,4}[.)]\s+)?/, '').trim())
    .filter((line) => line !== '');
}
