/** Tokens and money of a step, as its `token_usage` says it. */
export interface StepUsage {
  readonly tokens: number;
  /** US dollars. */
  readonly cost: number;
  readonly modelCalls: number;
  readonly toolCalls: number;
}

const numberIn = (value: Readonly<Record<string, unknown>>, key: string): number =>
  typeof value[key] === 'number' ? value[key] : Number(value[key] ?? 0) || 0;

/** The usage in a `token_usage`; null when there is none. */
export function usageOf(value: unknown): StepUsage | null {
  if (typeof value !== 'object' || value === null) return null;
  const record = value as Readonly<Record<string, unknown>>;
  const tokens =
    numberIn(record, 'total_tokens') || numberIn(record, 'input_tokens') + numberIn(record, 'output_tokens');
  const usage = {
    tokens,
    cost: numberIn(record, 'cost_usd'),
    modelCalls: numberIn(record, 'llm_calls'),
    toolCalls: numberIn(record, 'tool_invocations'),
  };
  return usage.tokens + usage.modelCalls + usage.toolCalls > 0 ? usage : null;
}

export const sumOf = (a: StepUsage | null, b: StepUsage | null): StepUsage | null =>
  a && b
    ? {
        tokens: a.tokens + b.tokens,
        cost: a.cost + b.cost,
        modelCalls: a.modelCalls + b.modelCalls,
        toolCalls: a.toolCalls + b.toolCalls,
      }
    : (a ?? b);

interface StoredCall {
  readonly node_id: string;
  readonly kind: string;
  readonly usage: {
    readonly input_tokens: number;
    readonly output_tokens: number;
    readonly cost_usd: number;
  } | null;
}

/** Steps with what their recorded calls took; those that say it themselves, or called nothing, stay as they are. */
export function withUsage<S extends { readonly usage: StepUsage | null }>(
  steps: Readonly<Record<string, S>>,
  calls: readonly StoredCall[],
): Readonly<Record<string, S>> {
  const sums = new Map<string, StepUsage | null>();
  for (const { node_id, kind, usage } of calls) {
    const one = {
      tokens: usage ? usage.input_tokens + usage.output_tokens : 0,
      cost: usage?.cost_usd ?? 0,
      modelCalls: kind === 'model' ? 1 : 0,
      toolCalls: kind === 'tool' ? 1 : 0,
    };
    sums.set(node_id, sumOf(sums.get(node_id) ?? null, one));
  }
  const entries = Object.entries(steps).map(([id, step]) => {
    const usage = step.usage ?? sums.get(id) ?? null;
    return [id, usage === step.usage ? step : { ...step, usage }] as const;
  });
  return Object.fromEntries(entries);
}

/** “$0.0042”, “$1.20”; empty when it cost nothing. */
export function costText(usd: number): string {
  if (usd <= 0) return '';
  if (usd < 0.0001) return '< $0.0001';
  return `$${usd.toFixed(usd < 0.1 ? 4 : 2)}`;
}

/** “1,204 tokens · $0.0042”. */
export function usageText({ tokens, cost }: StepUsage): string {
  const words = `${tokens.toLocaleString('en')} token${tokens === 1 ? '' : 's'}`;
  return [words, costText(cost)].filter(Boolean).join(' · ');
}
