/**
 * The types a port can carry, and which may flow into which.
 *
 * `slot` types plug a sub-component (a model, a tool) into a node; they never carry run data and match only
 * themselves. The table below is the only statement of compatibility in the product: canvas, API, validator
 * and runner all ask {@link flowBetween}.
 */
export const DATA_TYPES = [
  'string',
  'number',
  'boolean',
  'object',
  'array',
  'message',
  'messages',
  'image',
  'file',
  'any',
] as const;
export const SLOT_TYPES = ['model', 'tool', 'memory', 'parser', 'skill'] as const;

export type DataType = (typeof DATA_TYPES)[number];
export type SlotType = (typeof SLOT_TYPES)[number];
export type PortType = DataType | SlotType;

/** `exact`: same value; `coerce`: converted on the edge; `lossy`: converted, worth a warning. */
export type Flow = 'exact' | 'coerce' | 'lossy';

/** Conversions really performed on an edge, besides identity and `any`. Source type → target types. */
const CONVERSIONS: Partial<Record<DataType, Partial<Record<DataType, Flow>>>> = {
  string: { message: 'coerce', messages: 'coerce' },
  message: { messages: 'coerce' },
  number: { string: 'coerce' },
  boolean: { string: 'coerce' },
  object: { string: 'lossy' },
  array: { string: 'lossy' },
};

export function isSlotType(type: PortType): type is SlotType {
  return (SLOT_TYPES as readonly string[]).includes(type);
}

/** How a value of `source` reaches a port of `target`, or null where it may not. */
export function flowBetween(source: PortType, target: PortType): Flow | null {
  if (source === target) return 'exact';
  if (isSlotType(source) || isSlotType(target)) return null;
  if (source === 'any' || target === 'any') return 'exact';
  return CONVERSIONS[source]?.[target] ?? null;
}

/** Every data type that may flow into `target`, in declaration order. */
export function sourcesOf(target: PortType): PortType[] {
  return [...DATA_TYPES, ...SLOT_TYPES].filter((source) => flowBetween(source, target) !== null);
}
