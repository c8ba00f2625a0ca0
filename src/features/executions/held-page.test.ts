import { describe, expect, it } from 'vitest';
import { holdPage } from './held-page.ts';

const row = (id: string, status = 'running') => ({ id, status });
const idOf = (item: { id: string }) => item.id;

describe('holdPage', () => {
  it('keeps rows and order but takes their new state', () => {
    const held = { items: [row('b'), row('a')], total: 2 };
    const live = { items: [row('c'), row('b', 'done'), row('a')], total: 3 };
    expect(holdPage(held, live, idOf)).toEqual({ items: [row('b', 'done'), row('a')], total: 2, fresh: 1 });
  });

  it('keeps rows that have moved to another page', () => {
    const held = { items: [row('a')], total: 1 };
    expect(holdPage(held, { items: [row('b')], total: 2 }, idOf).items).toEqual([row('a')]);
  });

  it('never counts deleted rows as new', () => {
    expect(holdPage({ items: [row('a')], total: 5 }, { items: [], total: 0 }, idOf).fresh).toBe(0);
  });
});
