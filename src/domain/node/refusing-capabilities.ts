import { type Capabilities, StepError } from './executor.ts';

/** Capabilities of which those not given refuse, each naming itself. */
export function refusingCapabilities(given: Partial<Capabilities>): Capabilities {
  const refuse = (name: string) => () =>
    Promise.reject(new StepError('not_available', `There is no ${name} here.`, { permanent: true }));
  return {
    http: refuse('http'),
    code: refuse('code'),
    command: refuse('command'),
    mail: refuse('mail'),
    startRun: refuse('startRun'),
    askApproval: refuse('askApproval'),
    awaitCall: refuse('awaitCall'),
    checkWorkflow: refuse('checkWorkflow'),
    log: () => undefined,
    now: Date.now,
    ...given,
  };
}
