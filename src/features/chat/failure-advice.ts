const ADVICE: Readonly<Record<string, string>> = {
  budget_exceeded: 'Raise the budget, or wait until it starts anew.',
  provider_auth: 'Check the key in the credential of the model.',
  provider_down: 'The provider may be back in a moment; try again.',
  rate_limited: 'Wait a little, then try again.',
  timeout: 'Try again, or give the step more time in its settings.',
  no_reply: 'The workflow ended without saying anything. Connect a Reply, or let the agent answer.',
};

/** What to do about a failure, where its code tells. */
export const adviceFor = (code: string): string | undefined => ADVICE[code];
