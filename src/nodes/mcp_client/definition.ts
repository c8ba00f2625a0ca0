import { z } from 'zod';
import { credentialField } from '#domain/credential/reference.ts';
import { definePart } from '#domain/node/definition.ts';

const names = z.union([z.string().max(20_000), z.array(z.string().max(64)).max(500)]).default('');

export const definition = definePart({
  type: 'mcp_client',
  title: 'MCP server',
  summary: 'Offers an agent the tools of a server of the Model Context Protocol.',
  icon: 'plug',
  category: 'tool',
  isPart: true,
  effect: 'external',
  formatVersion: 1,
  timeoutMs: 630_000,
  config: z.object({
    server_url: z
      .string()
      .max(4_000)
      .default('')
      .describe('Where the server is reached (streamable HTTP).')
      .meta({
        title: 'Address',
        field: { control: 'template', group: 'required', placeholder: 'https://mcp.example.com/mcp' },
      }),
    credential: credentialField({
      title: 'Credential',
      use: 'http',
      group: 'common',
      describe: 'Signs the requests, such as with a bearer token.',
    }),
    allowed_tools: names
      .describe('Which of its tools may be used, separated by commas. Empty: all of them.')
      .meta({ title: 'Allowed tools', field: { control: 'text', group: 'common' } }),
    prefix: z
      .string()
      .max(30)
      .regex(/^[A-Za-z0-9_-]*$/, 'Use letters, digits, “_” and “-”.')
      .default('')
      .describe('Put before the names of the tools, where two servers have tools of the same name.')
      .meta({ title: 'Prefix', field: { control: 'text', group: 'advanced', placeholder: 'crm_' } }),
    timeout: z
      .number()
      .min(1)
      .max(600)
      .default(60)
      .describe('Seconds a request may take.')
      .meta({ title: 'Time limit', field: { group: 'advanced' } }),
  }),
  ports: () => ({
    inputs: [],
    outputs: [
      {
        name: 'tool',
        type: 'tool',
        label: 'Tools',
        description: 'Plugs into the tools of an agent, which then calls them when it wants to.',
      },
    ],
  }),
  subtitle: ({ server_url }) => (URL.canParse(server_url) ? new URL(server_url).host : server_url),
  docs: `Connects an agent with a server of the Model Context Protocol (MCP): whatever tools the server has now, the agent can
call. The connection is made for each call and given up after it; the credential goes to its own hosts only.

Tools that do not say that they only read count as destructive: an agent that asks before destructive tools asks before
those.

**Example.** Address \`https://mcp.example.com/mcp\`, a bearer credential, allowed tools \`search, read_page\`; plugged into
*Tools* of an agent.

**When it goes wrong.**
- *mcp_unauthorized*: the server wants a credential, or another one.
- *egress_denied*: the address is private. Whoever runs this installation may allow it.
- *mcp_failed*: it is no MCP server, or speaks only the old HTTP+SSE transport.`,
});
