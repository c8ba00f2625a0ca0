import type { AnyDefinition, DefinitionOf } from './definition.ts';

/** The node types an installation has, and how one of them is found. */
export interface Catalogue {
  readonly definitions: readonly AnyDefinition[];
  readonly definitionOf: DefinitionOf;
}

/**
 * The node types an installation has: what touches the host exists only where the operator named it.
 * @param enabled types the operator named
 */
export function availableDefinitions(
  all: readonly AnyDefinition[],
  enabled: readonly string[],
): readonly AnyDefinition[] {
  return all.filter((one) => one.needsOperator !== true || enabled.includes(one.type));
}

/** Finds the definitions of a list by their type. */
export function lookUpIn(definitions: readonly AnyDefinition[]): DefinitionOf {
  const byType = new Map(definitions.map((one) => [one.type, one]));
  return (type) => byType.get(type);
}
