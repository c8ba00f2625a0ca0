import type { Port } from '../graph/graph.ts';

/** What nodes that ask a model once look at. */
export const MESSAGES_PORT: Port = {
  name: 'messages',
  type: 'messages',
  label: 'Messages',
  description: 'A text, a message or a conversation; the last message counts.',
  required: true,
};

/** The slot of the model that a node asks. */
export const modelPort = ({ required }: { readonly required: boolean }): Port => ({
  name: 'model',
  type: 'model',
  label: 'Model',
  description: required ? 'The model that is asked.' : 'The model that chooses; without one the rule does.',
  required,
});

export const PARSER_PORT: Port = {
  name: 'output_parser',
  type: 'parser',
  label: 'Parser',
  description: 'Reads the answer of the model before it is understood.',
};
