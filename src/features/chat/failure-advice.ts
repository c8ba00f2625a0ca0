/** For whoever builds the workflow; the sentence itself is for whoever asked. */
const ADVICE: Readonly<Record<string, string>> = {
  budget_exceeded: 'Raise the budget, or wait until it starts anew.',
  model_refused_key: 'Renew the key in the credential of the model.',
  model_not_found: 'Choose another model in the model node.',
  model_out_of_credit: 'Top up the account at the provider, or choose another model.',
  model_without_price: 'Give the model a price under Models, or limit tokens in the budget as well.',
  model_bad_request: 'A model with a larger context may take it.',
  no_model: 'Connect a model to the agent.',
  no_credential: 'Choose an account in the model node.',
  config_invalid: 'The Problems tab says what is missing.',
  timeout: 'Try again, or give the step more time in its settings.',
  agent_timeout: 'Try again, or give the agent more time.',
  agent_loop_limit: 'The run shows what it went round in; more steps can be allowed in the agent.',
};

/** What to do about a failure, where its code tells. */
export const adviceFor = (code: string): string | undefined => ADVICE[code];
