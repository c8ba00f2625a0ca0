import { describe, expect, it } from 'vitest';
import { nodeDefinitions } from '#nodes/definitions.ts';
import { hasIcon } from './node-icon.tsx';

describe('the icons of node types', () => {
  it('ship with the canvas, all of them', () => {
    expect(
      nodeDefinitions.filter((one) => !hasIcon(one.icon)).map((one) => `${one.type}: ${one.icon}`),
    ).toEqual([]);
  });

  it('are not made up', () => {
    expect(hasIcon('no-such-icon')).toBe(false);
  });
});
