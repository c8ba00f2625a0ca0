import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DATA_TYPES, flowBetween, isSlotType, type PortType, SLOT_TYPES, sourcesOf } from './port-type.ts';

const ALL: readonly PortType[] = [...DATA_TYPES, ...SLOT_TYPES];
const anyType = fc.constantFrom(...ALL);

describe('flowBetween', () => {
  it('lets every type flow into itself unchanged', () => {
    for (const type of ALL) expect(flowBetween(type, type)).toBe('exact');
  });

  it('lets any absorb and feed every data type', () => {
    for (const type of DATA_TYPES) {
      expect(flowBetween(type, 'any')).toBe('exact');
      expect(flowBetween('any', type)).toBe('exact');
    }
  });

  it('keeps slots to their own kind', () => {
    fc.assert(
      fc.property(anyType, anyType, (source, target) => {
        fc.pre(source !== target && (isSlotType(source) || isSlotType(target)));
        expect(flowBetween(source, target)).toBeNull();
      }),
    );
  });

  it('performs exactly these conversions', () => {
    const seen = DATA_TYPES.flatMap((source) =>
      DATA_TYPES.filter((target) => source !== target && source !== 'any' && target !== 'any').flatMap(
        (target) => {
          const flow = flowBetween(source, target);
          return flow === null ? [] : [`${source} → ${target}: ${flow}`];
        },
      ),
    );
    expect(seen).toEqual([
      'string → message: coerce',
      'string → messages: coerce',
      'number → string: coerce',
      'boolean → string: coerce',
      'object → string: lossy',
      'array → string: lossy',
      'message → messages: coerce',
    ]);
  });

  it('has no dead row: every type can be fed and feeds something', () => {
    for (const type of ALL) {
      expect(sourcesOf(type)).toContain(type);
      expect(ALL.some((target) => flowBetween(type, target) !== null)).toBe(true);
    }
  });
});

it('sourcesOf lists in declaration order what flowBetween allows', () => {
  fc.assert(
    fc.property(anyType, (target) => {
      expect(sourcesOf(target)).toEqual(ALL.filter((source) => flowBetween(source, target) !== null));
    }),
  );
  expect(sourcesOf('messages')).toEqual(['string', 'message', 'messages', 'any']);
  expect(sourcesOf('tool')).toEqual(['tool']);
});
