import { z } from 'zod';
import { defineNode } from '#domain/node/definition.ts';

const config = z.object({
  code: z
    .string({ error: 'Write the code to run.' })
    .min(1, 'Write the code to run.')
    .max(200_000)
    .describe('What it returns is the output; input, inputs, trigger, nodes and loop are given.')
    .meta({
      title: 'Code',
      field: { control: 'code', language: 'javascript', group: 'required', placeholder: 'return input;' },
    }),
  language: z
    .enum(['javascript', 'python'])
    // Clients of the API that say nothing mean Python.
    .default('python')
    .describe('The language the code is written in.')
    .meta({ title: 'Language', field: { control: 'select', group: 'common' } }),
  timeout_ms: z
    .int()
    .min(10)
    .max(60_000)
    .default(10_000)
    .describe('The code is stopped after this many milliseconds.')
    .meta({ title: 'Time limit (ms)', field: { group: 'advanced' } }),
});

export const definition = defineNode({
  type: 'code',
  title: 'Code',
  summary: 'Runs a piece of JavaScript or Python on the data.',
  icon: 'code',
  category: 'logic',
  effect: 'pure',
  formatVersion: 1,
  // Above the longest time limit of the code itself, so that the sandbox is what stops it.
  // The code has its own limit, from when it begins; Python may have to wait for a place, and to start, before that.
  timeoutMs: 300_000,
  verbatim: ['code'],
  starter: { language: 'javascript' },
  config,
  ports: () => ({
    inputs: [{ name: 'input', type: 'any', label: 'Input', description: 'Seen by the code as input.' }],
    outputs: [{ name: 'output', type: 'any', label: 'Output', description: 'What the code returned.' }],
  }),
  subtitle: ({ code }) =>
    String(code ?? '')
      .trim()
      .split('\n', 1)[0]
      ?.slice(0, 60) ?? '',
  docs: `Runs JavaScript or Python in a closed sandbox: no network, no files of the server, nothing kept between runs.
These names are given:

- \`input\`: the value at the input port; \`inputs\`: all inputs by port name
- \`trigger\`: what started the run, for example \`trigger.body\`
- \`nodes\`: the outputs of finished nodes, for example \`nodes["http_1"].body\`
- \`loop\`: in a loop's body \`{ item, index, total, parent }\`, outside of loops null
- in Python also \`node_outputs\` (the same as \`nodes\`) and \`state\` with both \`trigger\` and \`node_outputs\`
- \`console.log(…)\` or \`print(…)\` writes to the step's log

What the code **returns** is the output and keeps its type; without a return, the variable \`result\` is taken. It has
to be something JSON can carry. References with double braces are *not* filled in here; use the names above.

Python is the whole standard library without threads, processes and sockets; packages such as NumPy are not there.
A config sent to the API without \`language\` means Python.

**Example.** \`return input.items.filter((item) => item.price > 10);\`, or in Python
\`return [item for item in input["items"] if item["price"] > 10]\`

**When it goes wrong.**
- *code_timeout*: the code ran past its time limit. Look for an endless loop, or raise the limit.
- *code_memory*: it used more than 64 MB. Work on less data at a time.
- *code_error*: the message is the one of your code, with the line. *Python could not be started* comes from the server,
  whose log tells more.`,
});
