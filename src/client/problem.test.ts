import { describe, expect, it } from 'vitest';
import { isSignedOut, readProblem } from './problem.ts';

const failure = (httpStatus: number, detail: unknown, message = 'x') =>
  Object.assign(new Error(message), { data: { httpStatus, detail } });

describe('readProblem', () => {
  it('says so when the server was not reached', () => {
    const problem = readProblem(new TypeError('Failed to fetch'));
    expect(problem.status).toBeNull();
    expect(problem.message).toContain('cannot be reached');
  });

  it('passes a sentence on', () => {
    expect(readProblem(failure(409, 'Slug is taken.'))).toMatchObject({
      status: 409,
      message: 'Slug is taken.',
    });
  });

  it('falls back on the message when there is no detail', () => {
    expect(readProblem(failure(500, undefined, 'Something broke.')).message).toBe('Something broke.');
  });

  it('puts field errors on their fields and keeps the first of each', () => {
    const detail = [
      { type: 'too_small', loc: ['body', 'username'], msg: 'Too short.' },
      { type: 'other', loc: ['body', 'username'], msg: 'Second.' },
      { type: 'other', loc: ['body', 'document', 'nodes', 0], msg: 'Bad node.' },
    ];
    expect(readProblem(failure(422, detail)).fields).toEqual({
      username: 'Too short.',
      'document.nodes.0': 'Bad node.',
    });
  });

  it('keeps a list of complaints', () => {
    const problem = readProblem(failure(422, { validation_errors: ['one', 'two'] }));
    expect(problem.complaints).toEqual(['one', 'two']);
    expect(problem.message).toBe('2 things must be put right.');
  });
});

describe('isSignedOut', () => {
  it('is true for 401 only', () => {
    expect(isSignedOut(failure(401, 'x'))).toBe(true);
    expect(isSignedOut(failure(403, 'x'))).toBe(false);
    expect(isSignedOut(new Error('x'))).toBe(false);
  });
});
