/** Why an outbound request gave no answer. */
export type EgressErrorCode =
  | 'not_allowed'
  | 'unreachable'
  | 'timeout'
  | 'too_large'
  | 'bad_url'
  | 'aborted'
  | 'credential_denied';

/** An outbound request that gave no answer. The message is written for the author of the workflow. */
export class EgressError extends Error {
  readonly code: EgressErrorCode;
  constructor(code: EgressErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'EgressError';
    this.code = code;
  }
}

/** The refusal for a destination that is private, reserved or on an unusual port; one text for every such reason. */
export function notAllowed(host: string, port: number, ports: readonly number[]): EgressError {
  const target = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return new EgressError(
    'not_allowed',
    `Destination ${target} is not allowed. Such requests reach public addresses on ports ${ports.slice(0, -1).join(', ')} and ${ports.at(-1)}; ` +
      `to permit this one, the operator adds ${target} to PIPEWRIGHT_EGRESS_ALLOW.`,
  );
}
