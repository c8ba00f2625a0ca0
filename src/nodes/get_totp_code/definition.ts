import { z } from 'zod';
import { definePart } from '#domain/node/definition.ts';
import { toolFunction } from '#domain/node/tool.ts';

export const definition = definePart({
  type: 'get_totp_code',
  title: 'One-time code',
  summary: 'Gives an agent the current code of its second factor.',
  icon: 'key',
  category: 'tool',
  isPart: true,
  effect: 'pure',
  formatVersion: 1,
  config: z.object({}),
  tool: () => [
    toolFunction({
      name: 'get_totp_code',
      description:
        'Gives the current six-digit code of an agent user’s second factor, valid for the seconds it says.',
      parameters: z.object({
        username: z.string().max(150).nullish().describe('The agent user; your own identity if left out.'),
      }),
    }),
  ],
  ports: () => ({ inputs: [], outputs: [] }),
  docs: `Gives the code an authenticator app would show for an **agent user**, never for a person; the first call sets the second factor up. Only for agent users the owner of
the workflow has made.

**Example.** An agent that signs in somewhere with the account of *Agent identity* asks for the code when it is asked for one.

**When it goes wrong.**
- *platform_404*: there is no such agent user, or somebody else has made it.
- *The code is refused*: it was used already or its 30 seconds are over. Ask again.`,
});
