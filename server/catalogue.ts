import type { Logger } from 'pino';
import { availableDefinitions, type Catalogue, lookUpIn } from '#domain/node/available.ts';
import { nodeDefinitions } from '#nodes/definitions.ts';
import type { Config } from './config.ts';

/** The node types of this installation. A name in PIPEWRIGHT_ENABLE that means nothing is told, not refused. */
export function catalogueOf(config: Config, log: Logger): Catalogue {
  const definitions = availableDefinitions(nodeDefinitions, config.enabledNodeTypes);
  const unknown = config.enabledNodeTypes.filter(
    (type) => !definitions.some((one) => one.type === type && one.needsOperator),
  );
  if (unknown.length > 0) log.warn(`PIPEWRIGHT_ENABLE: no such node type to enable: ${unknown.join(', ')}`);
  return { definitions, definitionOf: lookUpIn(definitions) };
}
