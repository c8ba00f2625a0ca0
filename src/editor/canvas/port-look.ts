import { isSlotType, type PortType } from '#domain/graph/port-type.ts';

export type PortFamily = 'text' | 'scalar' | 'structured' | 'message' | 'media' | 'any';
export type PortForm = 'circle' | 'notch' | 'square' | 'bubble' | 'page' | 'ring' | 'diamond';

const FAMILY: Readonly<Record<string, PortFamily>> = {
  string: 'text',
  number: 'scalar',
  boolean: 'scalar',
  object: 'structured',
  array: 'structured',
  message: 'message',
  messages: 'message',
  image: 'media',
  file: 'media',
};

const FORM: Readonly<Record<string, PortForm>> = {
  string: 'circle',
  number: 'notch',
  boolean: 'notch',
  object: 'circle',
  array: 'square',
  message: 'bubble',
  messages: 'bubble',
  image: 'page',
  file: 'page',
};

/** The hue of a port's type; colour never stands alone, see {@link formOf}. */
export const familyOf = (type: PortType): PortFamily => FAMILY[type] ?? 'any';
export const formOf = (type: PortType): PortForm => (isSlotType(type) ? 'diamond' : (FORM[type] ?? 'ring'));
/** The CSS colour of a type. */
export const colourOf = (type: PortType): string => `var(--port-${familyOf(type)})`;
