import { z } from 'zod';
import { defineNode } from '#domain/node/definition.ts';
import { commandFunction } from './tool-face.ts';

const config = z.object({
  program: z
    .string({ error: 'Name the program to run.' })
    .min(1, 'Name the program to run.')
    .max(1_000)
    .describe(
      'The name or full path of a program on the server. It is taken as it is: no references, no shell.',
    )
    .meta({ title: 'Program', field: { control: 'text', group: 'required', placeholder: 'pg_dump' } }),
  args: z
    .array(z.string().max(100_000))
    .max(1_000)
    .default([])
    .describe('One entry per argument; each stays one argument whatever its references bring.')
    .meta({
      title: 'Arguments',
      field: { control: 'json', group: 'required', placeholder: '["--to", "{{ trigger.body.name }}"]' },
    }),
  stdin: z
    .string()
    .max(1_000_000)
    .default('')
    .describe('What the program reads. What arrives at the port Input wins over it.')
    .meta({ title: 'Standard input', field: { control: 'template', group: 'common' } }),
  env: z
    .record(z.string().min(1).max(200), z.union([z.string(), z.number(), z.boolean()]))
    .default({})
    .describe('The variables of the program. Beside them it gets a fixed PATH and nothing of the server.')
    .meta({ title: 'Variables', field: { control: 'keyvalue', group: 'common' } }),
  workspace: z
    .string()
    .trim()
    .max(100)
    .default('')
    .describe(
      'The name of a workspace of the workflow’s owner: the program works in its folder, with its variables. Empty: a fresh empty folder.',
    )
    .meta({ title: 'Workspace', field: { control: 'text', group: 'common', placeholder: 'default' } }),
  fail_on_exit_code: z
    .boolean()
    .default(true)
    .describe('The step fails when the program ends with anything but 0.')
    .meta({ title: 'Fail unless it ends with 0', field: { group: 'common' } }),
  timeout_ms: z
    .int()
    .min(100)
    .max(3_600_000)
    .default(60_000)
    .describe('The program is stopped after this many milliseconds, with everything it has started.')
    .meta({ title: 'Time limit (ms)', field: { group: 'advanced' } }),
  max_output_kb: z
    .int()
    .min(1)
    .max(1_024)
    .default(256)
    .describe('So much of each output is kept, from its beginning; the rest is dropped.')
    .meta({ title: 'Output kept (KiB)', field: { group: 'advanced' } }),
});

export type CommandConfig = z.output<typeof config>;

export const definition = defineNode({
  type: 'run_command',
  title: 'Run a program',
  summary: 'Runs a program on the server.',
  icon: 'terminal',
  category: 'network',
  effect: 'external',
  needsOperator: true,
  formatVersion: 1,
  // Above the longest time limit of a program, so that the node's own limit is what stops it.
  timeoutMs: 3_610_000,
  verbatim: ['program', 'workspace'],
  config,
  toolFields: { program: '/bin/sh' },
  tool: (config) => [commandFunction(config)],
  ports: () => ({
    inputs: [
      {
        name: 'input',
        type: 'any',
        label: 'Input',
        description: 'Given to the program on its standard input.',
      },
    ],
    outputs: [
      { name: 'stdout', type: 'string', label: 'Output', description: 'What the program wrote.' },
      {
        name: 'result',
        type: 'object',
        label: 'Result',
        description: 'Exit code, signal, both outputs, whether they were cut, and the duration.',
      },
    ],
  }),
  subtitle: ({ program, args }) => [program, ...(Array.isArray(args) ? args : [])].join(' ').slice(0, 60),
  docs: `Starts one program on the machine that runs the workflow and waits for its end. It exists only where the
operator has written \`PIPEWRIGHT_ENABLE=run_command\`: whoever may edit workflows can then do on that machine what the
user of the server can.

No shell reads the command: \`|\`, \`>\`, \`*\` and \`$HOME\` mean nothing. References fill arguments, variables and
standard input, never the name of the program, and each argument stays one argument. The program works in an empty
folder of its own, which is deleted afterwards, or in the folder of a workspace, which stays; in a process group of its own, which is ended with it. Its output appears
in the step's log while it runs.

**As a tool** of an agent it runs the program of the form, with arguments the agent gives where the form has none. Without a
program the agent writes whole shell commands; those run only in a workspace, so name one.

**Example.** Program \`git\`, arguments \`["ls-remote", "--", "{{ trigger.body.repository }}"]\`. Put \`--\` before values
that come from outside, so that one beginning with a dash is not taken for an option.

**When it goes wrong.**
- *command_not_found*: the program is not installed on that machine, or may not be run. Give its full path.
- *no_workspace*: an agent may write commands of its own only in a workspace.
- *workspace_not_found*: the workflow's owner has no workspace of that name. See Workspaces.
- *network_not_isolated*: the workspace does not allow the network, and the machine cannot keep programs from it.
- *command_failed*: it ended with an exit code other than 0; the message has the end of its error output.
- *command_timeout*: it ran past its limit and was stopped with everything it had started.
- *not_available*: the machine that ran the step does not have the node enabled. Set \`PIPEWRIGHT_ENABLE\` on every one.
- A step that is tried again runs the program again: choose programs for which that does no harm.`,
});
