import { z } from 'zod';
import { defineNode } from '#domain/node/definition.ts';
import { toolFunction } from '#domain/node/tool.ts';

const LONGEST_CODE = 200_000;
const LANGUAGES = ['python', 'javascript'] as const;

const config = z.object({
  language: z
    .enum(LANGUAGES)
    .default('python')
    .describe('The language the code is written in.')
    .meta({ title: 'Language', field: { control: 'select', group: 'required' } }),
  code: z
    .string()
    .max(LONGEST_CODE)
    .default('')
    .describe('The code to run. Empty: the code that arrives, or that an agent writes.')
    .meta({ title: 'Code', field: { control: 'code', group: 'common' } }),
  timeout_seconds: z
    .int()
    .min(1)
    .max(300)
    .default(30)
    .describe('The code is stopped after so many seconds.')
    .meta({ title: 'Time limit (s)', field: { group: 'common' } }),
});

export const definition = defineNode({
  type: 'code_execute',
  title: 'Run code',
  summary: 'Runs code that an agent has written.',
  icon: 'square-code',
  category: 'tool',
  effect: 'pure',
  formatVersion: 1,
  timeoutMs: 310_000,
  verbatim: ['code'],
  config,
  tool: ({ language, code }) =>
    code === ''
      ? [
          toolFunction({
            name: 'code_execute',
            description:
              `Runs ${language === 'python' ? 'Python' : 'JavaScript'} in a sandbox without network and files and gives what ` +
              'it prints and returns. Use return at the top level for the result.',
            parameters: z.object({ code: z.string().min(1).max(LONGEST_CODE).describe('The source code.') }),
          }),
        ]
      : [],
  ports: () => ({
    inputs: [
      { name: 'code', type: 'string', label: 'Code', description: 'The code, unless the form has some.' },
    ],
    outputs: [
      { name: 'output', type: 'any', label: 'Output', description: 'What the code returned.' },
      {
        name: 'result',
        type: 'object',
        label: 'Result',
        description: 'output, stdout and error; code that fails is no failed step.',
      },
    ],
  }),
  subtitle: ({ language }) => language,
  caution: ({ code }) =>
    code === '' ? null : 'has code of its own, so it offers no tool. Use a Code node for that.',
  docs: `Runs code in a sandbox, without network, files and processes, as a tool of an agent or as a step. What an agent
writes runs with nothing of the run in reach: it sees only itself.

The **result** is \`{ output, stdout, error }\`. Code that fails, or takes too long, does not fail the step: the agent is told
the error and may try again.

**Example.** Plug it into an agent's tools and ask it for the standard deviation of a list of numbers.

**When it goes wrong.**
- *code_timeout* as the error: raise the time limit, or ask for less.
- *Modules are missing*: Python has its standard library without threads, processes and sockets; JavaScript has none.`,
});
