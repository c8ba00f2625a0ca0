/** The graph cannot be run as it is drawn; the message names the place and the way out. */
export class PlanError extends Error {
  readonly code = 'invalid_workflow';
}
