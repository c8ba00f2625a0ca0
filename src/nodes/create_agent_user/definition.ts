import { z } from 'zod';
import { definePart } from '#domain/node/definition.ts';
import { toolFunction } from '#domain/node/tool.ts';

export const definition = definePart({
  type: 'create_agent_user',
  title: 'Agent identity',
  summary: 'Gives an agent an account of its own on this installation.',
  icon: 'user-check',
  category: 'tool',
  isPart: true,
  effect: 'pure',
  formatVersion: 1,
  config: z.object({}),
  tool: () => [
    toolFunction({
      name: 'create_agent_user',
      description:
        'Gives you an account of your own on this installation. Its key is stored as a credential that HTTP requests ' +
        'can use; you get the username and the name of the credential. Asking again gives the same.',
      parameters: z.object({
        purpose: z
          .string()
          .max(2000)
          .nullish()
          .describe('What it is for; people see it in the list of agents.'),
      }),
      destructive: true,
    }),
  ],
  ports: () => ({ inputs: [], outputs: [] }),
  docs: `Makes an agent user named after the workflow and the node, once: asking again gives the same. Its key goes into a
credential for HTTP requests that is bound to this installation; neither the agent nor anybody else sees it.
It does what the owner of the workflow may do, and nothing else; what it changes is in the audit log as done by the owner through a run.

**Example.** The agent asks for an identity, and an HTTP request node signs its calls with the credential
*agent agent_my-flow_assistant*.

**When it goes wrong.**
- *platform_403*: the owner may not make agent users, or is one.
- *platform_409*: somebody else has an account of this name. Rename the workflow or the node.
- *The key was lost*: delete the credential; the next call makes the identity anew.`,
});
