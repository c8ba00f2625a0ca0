import type { FactType, Remembered } from '#domain/memory/request.ts';
import type { ToolExecutor } from '#domain/node/tool.ts';
import type { definition } from './definition.ts';

const TOLD: Record<Remembered['outcome'], string> = {
  created: 'Remembered.',
  confirmed: 'This was known already; it is surer now.',
  replaced: 'Remembered; it replaces what was known before.',
  kept: 'Another value is known and may not be replaced, so nothing was changed.',
};

interface RememberArgs {
  readonly key: string;
  readonly value: unknown;
  readonly fact_type: FactType;
}

interface LearnArgs {
  readonly name: string;
  readonly description: string;
  readonly steps: readonly string[];
}

export const tool: ToolExecutor<typeof definition> = {
  call: async ({ function: name, args, config }, { memory }) => {
    if (name === 'learn_procedure') {
      const { name: procedure, description, steps } = args as LearnArgs;
      const { visitors_teach: fromStrangers } = config;
      await memory({ kind: 'learn', name: procedure, description, content: steps, fromStrangers });
      return { kind: 'done', result: 'Remembered.' };
    }
    const { key, value, fact_type: factType } = args as RememberArgs;
    const { overwrite, scope } = config;
    const { outcome } = await memory({ kind: 'remember', key, value, factType, overwrite, scope });
    return { kind: 'done', result: TOLD[outcome] };
  },
};
