import { describe, expect, it } from 'vitest';
import { boundsOf, listState } from './list-state.ts';

const read = (query: string) => listState.read(new URLSearchParams(query));

describe('listState', () => {
  it('survives the address', () => {
    const query = 'q=key&action=sign_in&actor=ada&period=dates&from=2026-01-02&to=2026-01-03&offset=50';
    expect(listState.write(read(query)).toString()).toBe(query);
  });

  it('leaves the default out', () => {
    expect(listState.write(read('')).toString()).toBe('');
  });

  it('takes nothing that is none of its values', () => {
    expect(read('period=century&from=yesterday&limit=9999')).toMatchObject({
      period: '',
      from: '',
      limit: 50,
    });
  });

  it('forgets dates that do not count', () => {
    expect(listState.write(read('period=day&from=2026-01-02')).toString()).toBe('period=day');
  });
});

describe('boundsOf', () => {
  const now = Date.parse('2026-03-01T12:34:56.789Z');

  it('cuts to the minute', () => {
    expect(boundsOf({ period: 'hour', from: '', to: '' }, now)).toEqual({ from: '2026-03-01T11:34:00.000Z' });
  });

  it('ends with the last day', () => {
    const { from = '', to = '' } = boundsOf({ period: 'dates', from: '2026-02-27', to: '2026-02-28' }, now);
    expect(Date.parse(to) - Date.parse(from)).toBe(2 * 86_400_000);
  });

  it('is open where nothing is said', () => {
    expect(boundsOf({ period: '', from: '', to: '' }, now)).toEqual({});
    expect(boundsOf({ period: 'dates', from: '', to: '' }, now)).toEqual({});
  });
});
