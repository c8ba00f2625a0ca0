import type { z } from 'zod';
import type { McpPlace } from '#domain/mcp/request.ts';
import { StepError } from '#domain/node/executor.ts';
import type { ToolExecutor } from '#domain/node/tool.ts';
import type { definition } from './definition.ts';

type Config = z.output<(typeof definition)['config']>;

const LONGEST_NAME = 64;

const placeOf = ({ server_url, credential, timeout }: Config): McpPlace => ({
  url: server_url.trim(),
  credential: credential ?? null,
  timeoutMs: timeout * 1000,
});

function isAllowed({ allowed_tools }: Config, name: string): boolean {
  const given = typeof allowed_tools === 'string' ? allowed_tools.split(',') : allowed_tools;
  const names = given.map((one) => one.trim()).filter((one) => one !== '');
  return names.length === 0 || names.includes(name);
}

/** The server's tools as functions of an agent, asked for anew each time. */
export const tool: ToolExecutor<typeof definition> = {
  functions: async ({ config }, { mcp }) => {
    const tools = await mcp({ kind: 'list', server: placeOf(config) });
    return tools
      .filter(({ name }) => isAllowed(config, name) && config.prefix.length + name.length <= LONGEST_NAME)
      .map(({ name, description, inputSchema, destructive }) => ({
        name: `${config.prefix}${name}`,
        description,
        parameters: inputSchema,
        destructive,
      }));
  },
  call: async ({ function: called, args, config }, { mcp }) => {
    const name = called.startsWith(config.prefix) ? called.slice(config.prefix.length) : '';
    if (name === '' || !isAllowed(config, name)) {
      throw new StepError('no_such_tool', `There is no tool “${called}” here.`, { permanent: true });
    }
    if (typeof args !== 'object' || args === null || Array.isArray(args)) {
      throw new StepError('bad_arguments', `The arguments of ${called} are no object.`, { permanent: true });
    }
    const given = args as Readonly<Record<string, unknown>>;
    const { isError, value } = await mcp({ kind: 'call', server: placeOf(config), tool: name, args: given });
    return { kind: 'done', result: isError ? { error: value } : value, ...(isError && { isError }) };
  },
};
