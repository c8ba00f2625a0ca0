import { type Executor, StepError } from '#domain/node/executor.ts';
import { textOfValue } from '#domain/node/json-field.ts';
import type { definition } from './definition.ts';

export const execute: Executor<typeof definition> = async ({ inputs, config }, capabilities) => {
  const text = textOfValue(config.document === '' ? inputs.input : config.document);
  if (text.trim() === '') {
    const message =
      '“Document” is empty and nothing arrived. Fill it in, or connect what gives the document.';
    throw new StepError('missing_value', message, { permanent: true });
  }
  const { valid, errors, warnings, nodeCount, edgeCount } = await capabilities.checkWorkflow(text);
  const output = { valid, errors, warnings, node_count: nodeCount, edge_count: edgeCount };
  return { kind: 'done', outputs: { output, valid } };
};
