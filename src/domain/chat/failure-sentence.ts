/** What a chat says where a run gave no answer, by the code of its failure. */
const SENTENCES: Readonly<Record<string, string>> = {
  cancelled: 'This answer was stopped.',
  budget_exceeded: 'This workflow has used up its budget for now, so it could not answer. Try again later.',
  timeout: 'This took too long and was given up. Try again, or ask for something smaller.',
  too_many_steps: 'The agent did not come to an end and was stopped. Try asking in another way.',
  loop_detected: 'The agent did not come to an end and was stopped. Try asking in another way.',
  rate_limited: 'The model has too much to do just now. Wait a moment, then try again.',
  unauthorized: 'The model refuses this workflow’s key. Whoever runs this workflow has to renew it.',
  provider_error: 'The model could not answer because of a problem of its provider. Try again in a moment.',
  provider_down: 'The model cannot be reached just now. Try again in a moment.',
  unreachable: 'Something this workflow needs cannot be reached just now. Try again in a moment.',
  context_too_long: 'This conversation has become too long for the model. Begin a new one.',
  content_refused: 'The model refused to answer this.',
  config_invalid: 'This workflow is not set up completely, so it could not answer.',
  missing_value: 'This workflow is not set up completely, so it could not answer.',
  template_error: 'This workflow is not set up completely, so it could not answer.',
  worker_lost: 'The server had trouble while answering. Try again.',
  output_too_large: 'The answer became too large. Ask for something smaller.',
  not_started: 'Your message could not be worked on. Send it again.',
};

const OTHER =
  'Something went wrong, so there is no answer. Try again, or look at the run to see what happened.';
/** For people who cannot look at runs. */
const OTHER_FOR_VISITORS = 'Something went wrong, so there is no answer. Try again in a moment.';

/** Why there is no answer, in a sentence for whoever asked. */
export function failureSentence(code: string, forVisitor = false): string {
  if (Object.hasOwn(SENTENCES, code)) return SENTENCES[code] ?? OTHER;
  return forVisitor ? OTHER_FOR_VISITORS : OTHER;
}

export const NO_ANSWER = 'Done. The workflow gave no answer.';
