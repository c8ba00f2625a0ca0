/** A model provider as the form offers it. */
export interface LlmPreset {
  readonly id: string;
  readonly label: string;
  /** As the API calls it. */
  readonly providerType: string;
  /** Empty: the provider type knows it. */
  readonly baseUrl: string;
  readonly description?: string;
}

const compatible = (id: string, label: string, baseUrl: string): LlmPreset => ({
  id,
  label,
  providerType: 'openai_compatible',
  baseUrl,
});

export const LLM_PRESETS: readonly LlmPreset[] = [
  { id: 'openai', label: 'OpenAI', providerType: 'openai', baseUrl: '' },
  { id: 'anthropic', label: 'Anthropic', providerType: 'anthropic', baseUrl: '' },
  { id: 'glm', label: 'GLM (Zhipu AI)', providerType: 'glm', baseUrl: '' },
  compatible('openrouter', 'OpenRouter', 'https://openrouter.ai/api/v1'),
  compatible('mistral', 'Mistral', 'https://api.mistral.ai/v1'),
  compatible('deepseek', 'DeepSeek', 'https://api.deepseek.com/v1'),
  compatible('groq', 'Groq', 'https://api.groq.com/openai/v1'),
  {
    ...compatible('ollama', 'Ollama', 'http://localhost:11434/v1'),
    description: 'On your own machine; needs no key.',
  },
  { ...compatible('other', 'Other', ''), description: 'Any server that speaks the OpenAI protocol.' },
];

const OTHER = LLM_PRESETS[LLM_PRESETS.length - 1] as LlmPreset;

/** The preset a stored provider looks like. */
export function presetOf(providerType: string, baseUrl: string): LlmPreset {
  const bare = baseUrl.replace(/\/+$/, '');
  return (
    LLM_PRESETS.find(
      (one) =>
        one.providerType === providerType && (one.baseUrl === '' || one.baseUrl === bare) && one !== OTHER,
    ) ?? OTHER
  );
}

export const presetById = (id: string): LlmPreset => LLM_PRESETS.find((one) => one.id === id) ?? OTHER;
