import { MODEL_API_FIELDS, modelConfig } from '#domain/model/config.ts';
import { definePart } from '#domain/node/definition.ts';

export const definition = definePart({
  type: 'ai_model',
  title: 'Model',
  summary: 'A language model that agents and other AI nodes ask.',
  icon: 'brain',
  category: 'ai',
  isPart: true,
  effect: 'pure',
  formatVersion: 1,
  config: modelConfig,
  apiFields: MODEL_API_FIELDS,
  verbatim: ['llm_credential_id', 'model_name', 'fallbacks'],
  ports: () => ({
    inputs: [],
    outputs: [
      {
        name: 'model',
        type: 'model',
        label: 'Model',
        description: 'Plugs into the port Model of as many AI nodes as shall use it.',
      },
    ],
  }),
  caution: ({ llm_credential_id, model_name }) =>
    llm_credential_id === null || model_name === '' ? 'has no account or no model yet. Choose both.' : null,
  subtitle: ({ model_name }) => String(model_name ?? '').slice(0, 60),
  docs: `Says which model of which provider is asked, and how it is to answer. It does nothing by itself: connect it to the port
*Model* of an Agent, a Categorizer, a Router or an Extractor. One Model node may serve many of them.

The account is a credential of the type *LLM*: OpenAI, Anthropic, or any provider that speaks OpenAI's protocol under an
address of its own (Ollama, vLLM, LM Studio and many more). Its key never reaches a prompt, a log or the run.

Fields that are left empty are not sent, so that the provider's own defaults count.

*Search the web* lets the provider itself search while an agent answers; what it searched for and found is shown among the
agent's tool calls. Only accounts of OpenAI and Anthropic can, and the provider charges for searches beside the tokens, which
no budget here counts. With OpenAI such calls go to its *Responses* API, which knows no penalties.

**Example.** Account *OpenAI*, model \`gpt-5-mini\`, longest answer \`2000\`; connected to an Agent.

**When it goes wrong.**
- *no_model*, *credential_denied*: no model or no account is chosen, or the account was deleted. Choose one.
- *bad_model*: a setting is out of its range; the message names it. More *Further tries* than 2 count as 2.
- *native_search_unavailable*: *Search the web* is on, and the account's provider has no search. Turn it off, or plug a Web
  search node into the agent.
- *model_refused_key*, *model_not_found*, *model_bad_request*: the provider did not accept the key, the model's name or one of
  the settings; its words are in the message.
- *model_unreachable*, *rate_limited*, *model_broken_stream*: it could not be reached, was overloaded or broke off. Further
  tries and the models under *Otherwise ask* were used up; the step is tried again later.
- *model_out_of_credit*: the account at the provider is used up.
- *content_filtered*: the provider withheld the answer because of what it says.
- *budget_exceeded*: the budget of the run, the workflow or the environment does not allow another call. It was not made.
- *model_without_price*: a budget limits dollars alone, and the model has no price. Set one, or limit tokens as well.`,
});
