/** What to try when a step has failed, by the code of its error. */
const ADVICE: Readonly<Record<string, string>> = {
  timeout:
    'The step took longer than its time limit. Raise the limit in the node’s settings, or find out what is slow.',
  http_status:
    'The other server refused the request. Its answer is in the step’s output; check address, method and body.',
  bad_status: 'The other server refused the request. Check address, method, headers and body.',
  egress_blocked:
    'The address is private, so it is not called. Whoever runs this installation can allow it with PIPEWRIGHT_EGRESS_ALLOW.',
  code_error:
    'The code threw an error. The line is in the message; the step’s input shows what the code was given.',
  code_timeout: 'The code ran longer than it may. Look for a loop that does not end, or split the work.',
  code_memory: 'The code used more memory than it may. Work on less data at a time.',
  template_error: 'A template could not be filled in. Compare the name in the message with the step’s input.',
  output_too_large: 'The step’s output is too large to keep. Pass on only the fields that later steps need.',
  config_invalid:
    'The node’s settings are not complete. Open the workflow; the problem list leads to the field.',
  invalid_workflow:
    'The workflow cannot run as it is drawn. Open it; the problem list says what to put right.',
  too_many_items:
    'The list is longer than the loop allows. Raise “Most items” in its form, or split the list.',
  workflow_cycle:
    'Workflows call each other without an end. Put a Switch before the call, so that it stops at some point.',
  workflow_not_found:
    'The workflow that was to be run does not exist here. Check the slug in the node’s form.',
  workflow_inactive: 'The workflow that was to be run is switched off. Switch it on, or choose another one.',
  no_trigger: 'The other workflow has no trigger to be called at. Give it a Workflow trigger.',
  child_cancelled: 'The run this step waited for was cancelled. Run it again, or route the error.',
  no_approver:
    'Too few people here may answer. Correct the names in “Who decides”, or ask for fewer approvals.',
  bad_time: 'The time to wait until could not be read. Write it like 2030-01-31T09:00:00Z.',
  not_delivered:
    'The links could not be sent. Check the address in the node’s form, and what its server says.',
};

const GENERAL =
  'Compare the step’s input with what the node expects, correct the workflow, and run it again.';

/** One or two sentences on what to do about a failure. */
export const adviceFor = (code: string | null): string => ADVICE[code ?? ''] ?? GENERAL;
