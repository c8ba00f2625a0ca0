import type { AnyDefinition } from './definition.ts';

type Config = Readonly<Record<string, unknown>>;

/**
 * The config of a node that is used as a tool: fields that it may leave empty then have what was asked for, or what
 * stands in for it.
 * @param args of the call; without them the stand-ins count
 */
export function toolConfig({ toolFields }: AnyDefinition, config: Config, args: unknown = {}): Config {
  const open = Object.entries(toolFields ?? {}).filter(([field]) =>
    [undefined, null, ''].includes(config[field] as string),
  );
  if (open.length === 0) return config;
  const asked = typeof args === 'object' && args !== null ? (args as Config) : {};
  return {
    ...config,
    ...Object.fromEntries(open.map(([field, standIn]) => [field, asked[field] ?? standIn])),
  };
}
