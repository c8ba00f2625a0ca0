const UNFINISHED = 'This workflow is not set up completely, so it could not answer.';

/** What a chat says where a run gave no answer, by the code of its failure. */
const SENTENCES: Readonly<Record<string, string>> = {
  cancelled: 'This answer was stopped.',
  budget_exceeded: 'This workflow has used up its budget for now, so it could not answer. Try again later.',
  timeout: 'This took too long and was given up. Try again, or ask for something smaller.',
  agent_timeout: 'This took too long and was given up. Try again, or ask for something smaller.',
  agent_loop_limit: 'The agent did not come to an end and was stopped. Try asking in another way.',
  rate_limited: 'The model has too much to do just now. Wait a moment, then try again.',
  model_unreachable: 'The model cannot be reached just now. Try again in a moment.',
  model_unavailable: 'The model cannot be reached just now. Try again in a moment.',
  model_broken_stream: 'The answer broke off, because the connection with the model was lost. Try again.',
  model_bad_answer: 'The model gave an answer that could not be used. Try again.',
  model_bad_request: 'The model did not take the question. It may be too long: try a shorter one.',
  model_refused_key:
    'The model refuses the key of this workflow. Whoever runs this workflow has to renew it.',
  model_not_found:
    'The model of this workflow does not exist any more. Whoever runs it has to choose another.',
  model_out_of_credit:
    'The account of the model is used up. Whoever runs this workflow has to top it up or choose another model.',
  model_without_price:
    'This workflow may not spend money on a model without a price. Whoever runs it has to set one.',
  no_answer: 'The model answered with nothing at all. Try again, or ask in another way.',
  content_filtered: 'The model refused to answer this.',
  unreachable: 'Something this workflow needs cannot be reached just now. Try again in a moment.',
  no_model: UNFINISHED,
  no_credential: UNFINISHED,
  config_invalid: UNFINISHED,
  missing_value: UNFINISHED,
  template_error: UNFINISHED,
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
