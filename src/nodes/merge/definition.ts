import { z } from 'zod';
import type { PortType } from '#domain/graph/port-type.ts';
import { defineNode } from '#domain/node/definition.ts';

export const MERGE_MODES = ['append', 'combine', 'list', 'first'] as const;
type MergeMode = (typeof MERGE_MODES)[number];

const OUTPUT_TYPE: Readonly<Record<MergeMode, PortType>> = {
  append: 'array',
  combine: 'object',
  list: 'array',
  first: 'any',
};

const config = z.object({
  mode: z
    .enum(MERGE_MODES)
    .default('append')
    .describe(
      'append: one list, lists among the values are opened. combine: one object. list: the values as they are. ' +
        'first: the value of the first branch that was taken.',
    )
    .meta({ title: 'Join as', field: { control: 'select', group: 'required' } }),
});

export const definition = defineNode({
  type: 'merge',
  title: 'Merge',
  summary: 'Waits for all its branches and joins their values.',
  icon: 'merge',
  category: 'flow',
  effect: 'pure',
  formatVersion: 1,
  config,
  ports: ({ mode }) => ({
    inputs: [
      {
        name: 'branches',
        type: 'any',
        label: 'Branches',
        description: 'Connect every branch here. Branches that were not taken are left out.',
        required: true,
        many: true,
      },
    ],
    outputs: [
      { name: 'merged', type: OUTPUT_TYPE[mode] ?? 'any', label: 'Merged', description: 'The joined value.' },
    ],
  }),
  subtitle: ({ mode }) => mode,
  docs: `Waits until every connected branch has either arrived or turned out not to be taken, then joins the values in
the order of their edges. Branches a Switch did not choose do not hold it up.

- **append**: one list. Lists among the values are opened one level: \`[1, 2]\` and \`3\` give \`[1, 2, 3]\`.
- **combine**: one object. Keys of later branches win; a value that is no object is kept as \`value_<position>\`.
- **list**: the values as they are, one per taken branch.
- **first**: the first taken branch's value itself. Use it to go on after a Switch.

**Example.** Two HTTP requests into one Merge (*list*), then a Code node that compares \`input[0]\` and \`input[1]\`.

**When it goes wrong.** The step is *skipped*: none of its branches was taken. Give the Switch before it a fallback, or
connect a branch that always runs.`,
});
