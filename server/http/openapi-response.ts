import type { Operation } from '#contract/operation.ts';
import { PERMISSIONS } from '#domain/access/permission.ts';
import { PROBLEMS, type ProblemCode } from '#domain/problem.ts';
import type { Prepared } from './operation.ts';
import type { Schema } from './sample-value.ts';

export const FIELD_PROBLEM: Schema = {
  type: 'object',
  description: 'One faulty field of a request.',
  properties: {
    type: { type: 'string', description: 'The kind of fault, such as `missing`.' },
    loc: {
      type: 'array',
      items: { type: ['string', 'integer'] },
      description: 'Where: `path`, `query` or `body`, then the names and positions that lead to the field.',
    },
    msg: { type: 'string' },
    input: { description: 'What was sent, when it is short and no secret.' },
  },
  required: ['type', 'loc', 'msg'],
};

export const PROBLEM: Schema = {
  type: 'object',
  description: 'Every error. Some carry more beside these two, such as the commands a late save has missed.',
  properties: {
    detail: {
      oneOf: [
        { type: 'string', description: 'What went wrong, for people.' },
        { type: 'array', items: { $ref: '#/components/schemas/FieldProblem' } },
        {
          type: 'object',
          properties: { validation_errors: { type: 'array', items: { type: 'string' } } },
          required: ['validation_errors'],
        },
      ],
    },
    code: { enum: Object.keys(PROBLEMS), type: 'string', description: 'What went wrong, for programs.' },
    request_id: { type: 'string', description: 'With 500: where the log says more.' },
  },
  required: ['detail', 'code'],
};

/** What an error means to whoever reads the document, and an example of its `detail`. */
const MEANINGS: Readonly<Partial<Record<ProblemCode, readonly [string, unknown]>>> = {
  bad_request: ['Not possible as things stand', 'expires_at must be in the future.'],
  unauthenticated: ['Not signed in, or not any more', 'Not authenticated'],
  forbidden: ['Your role does not allow this', 'Admin access required.'],
  not_found: ['Not there, or not yours', 'Workflow not found.'],
  conflict: ['Something else is there already, or was faster', 'Setup already completed.'],
  too_large: ['The body is too large', 'The request body is larger than 1 MiB.'],
  unsupported_media: ['The body is no JSON by its type', 'Send the body as application/json.'],
  invalid: ['The input is not valid', [{ type: 'missing', loc: ['body', 'name'], msg: 'Field required' }]],
  too_many: [
    'Too many requests; `Retry-After` says when to come back',
    'Too many requests. Try again later.',
  ],
  internal: ['A mistake of ours', 'Something went wrong on the server. It has been logged.'],
  bad_gateway: ['Another system did not answer as it should', 'The message gateway cannot be reached.'],
  unavailable: [
    'The database cannot be reached, or the server is starting; `Retry-After` says when to come back',
    'The database cannot be reached. Try again in a moment.',
  ],
};

/** Which errors an operation may answer with. */
export function problemsOf({ operation, hasRest, takesBody, pathKeys }: Prepared): readonly ProblemCode[] {
  const { access, method, path } = operation;
  const writes = method !== 'get';
  const isGuarded = access in PERMISSIONS;
  const refers = pathKeys.size > 0 || (writes && hasRest);
  const dials = /^\/(credentials|inbound)\b/.test(path);
  const codes: [ProblemCode, boolean][] = [
    ['bad_request', true],
    ['unauthenticated', access !== 'public' || (writes && path.startsWith('/auth'))],
    // The cookie of a browser counts for our own pages only, so another site's call is forbidden everywhere.
    ['forbidden', isGuarded || writes],
    ['not_found', refers],
    ['conflict', writes],
    ['too_large', takesBody],
    ['unsupported_media', takesBody],
    ['invalid', hasRest || pathKeys.size > 0],
    ['too_many', true],
    ['internal', true],
    ['bad_gateway', dials && writes],
    ['unavailable', true],
  ];
  return codes.filter(([, isPossible]) => isPossible).map(([code]) => code);
}

const json = (schema: unknown, example: unknown): Schema => ({ 'application/json': { schema, example } });

/** A component of the document for every error, by code. */
export function problemResponses(): Readonly<Record<string, Schema>> {
  return Object.fromEntries(
    Object.entries(MEANINGS).map(([code, [description, detail]]) => [
      code,
      {
        description,
        ...(code === 'unauthenticated' && { headers: { 'WWW-Authenticate': header('`Bearer`') } }),
        ...(['too_many', 'unavailable'].includes(code) && {
          headers: { 'Retry-After': header('Seconds to wait.') },
        }),
        content: json({ $ref: '#/components/schemas/Problem' }, { detail, code }),
      },
    ]),
  );
}

const header = (description: string): Schema => ({ description, schema: { type: 'string' } });

/** References to the errors an operation may answer with, by status. */
export const problemReferences = (prepared: Prepared): Readonly<Record<string, Schema>> =>
  Object.fromEntries(
    problemsOf(prepared).map((code) => [
      String(PROBLEMS[code].http),
      { $ref: `#/components/responses/${code}` },
    ]),
  );

/** Who may call, in a sentence. */
export function accessText({ access }: Operation): string {
  if (access === 'public') return 'Needs no key.';
  if (access === 'visitor')
    return 'For visitors of a chat page, with the token of their visit as the Bearer key, or its cookie.';
  if (access === 'gateway') return 'For the message gateway, with its own token as the Bearer key.';
  const need = PERMISSIONS[access];
  if (need === 'signed_in') return 'For everybody who is signed in.';
  if (need === 'administrator') return 'For administrators of the installation.';
  return `Takes at least the role \`${need}\` in the environment (permission \`${access}\`).`;
}
