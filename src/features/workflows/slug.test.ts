import { describe, expect, it } from 'vitest';
import { slugFault, slugOf } from './slug.ts';

describe('slugOf', () => {
  it.each([
    ['Daily report', 'daily-report'],
    ['  Ärger & Öl: 100% ', 'arger-ol-100'],
    ['日本', 'workflow'],
    ['', 'workflow'],
    ['--a--', 'a'],
  ])('turns “%s” into %s', (name, slug) => {
    expect(slugOf(name)).toBe(slug);
  });

  it('always makes a slug that is accepted', () => {
    for (const name of ['x'.repeat(300), `${'x'.repeat(59)} y`, '\u0000', 'a_b', '🚀 launch']) {
      expect(slugFault(slugOf(name))).toBeNull();
    }
  });
});
