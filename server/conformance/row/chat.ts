import { talkCommands } from '#server/features/chat/test-talk.ts';
import { listOf, type Row, type Shape } from './row.ts';

const THREAD: Shape = {
  thread_id: 'string',
  title: 'string',
  is_main: 'bool',
  created_at: 'time',
  updated_at: 'time',
};
export const SENT: Shape = {
  execution_id: 'string',
  status: 'string',
  response: 'string',
  thread_id: 'string',
  message_id: 'string',
};
export const MESSAGE: Shape = {
  id: 'string',
  role: 'string',
  text: 'string',
  timestamp: 'time?',
  execution_id: 'string?',
  error_code: 'string?',
  attachments: 'array',
};
export const noWorkflow = { status: 404, detail: 'Workflow not found.' } as const;
export const noKey = { as: 'nobody', status: 401, detail: 'Not authenticated' } as const;
export const reused = {
  status: 409,
  detail: 'This idempotency key was used for another request. Use a new key.',
} as const;
const noThread = { status: 404, detail: 'Conversation not found.' } as const;
const noMessage = { status: 404, detail: 'Message not found.' } as const;
const TALKS = '/workflows/talks/chat';

/** Conversations besides the main one. */
export const conversations: readonly Row[] = [
  {
    call: 'POST /workflows/',
    body: { name: 'Talks', slug: 'talks' },
    status: 201,
    keep: { talks: 'id' },
  },
  {
    call: 'POST /workflows/talks/graph/',
    body: { base_revision: 0, commands: talkCommands },
    status: 200,
  },
  { call: `GET ${TALKS}/threads/`, status: 200, value: { items: [], total: 0 } },
  {
    call: `POST ${TALKS}/threads/`,
    body: {},
    status: 201,
    shape: THREAD,
    value: { title: '', is_main: false },
    keep: { aside: 'thread_id' },
  },
  {
    call: `POST ${TALKS}/threads`,
    body: { title: '  Parcel ' },
    status: 201,
    shape: THREAD,
    value: { title: 'Parcel' },
    keep: { parcel: 'thread_id' },
  },
  { call: `POST ${TALKS}/threads/`, body: { title: 'x'.repeat(201) }, status: 422, loc: ['body', 'title'] },
  { call: `POST ${TALKS}/threads/`, body: { title: { a: 1 } }, status: 422, loc: ['body', 'title'] },
  { call: `POST ${TALKS}/threads/`, body: { title: null }, status: 422, loc: ['body', 'title'] },
  { call: 'POST /workflows/absent/chat/threads/', body: {}, ...noWorkflow },
  { call: `POST ${TALKS}/threads/`, as: 'other', body: {}, ...noWorkflow },
  { call: `POST ${TALKS}/threads/`, body: {}, ...noKey },
  { call: `GET ${TALKS}/threads/`, status: 200, ...listOf(THREAD), value: { total: 2 } },
  { call: `GET ${TALKS}/threads?q=PARC`, status: 200, value: { items: [{ title: 'Parcel' }], total: 1 } },
  { call: `GET ${TALKS}/threads?q=absent`, status: 200, value: { items: [], total: 0 } },
  { call: `GET ${TALKS}/threads?limit=0`, status: 200, value: { items: [], total: 2 } },
  { call: `GET ${TALKS}/threads?limit=-1`, status: 422, loc: ['query', 'limit'] },
  { call: `GET ${TALKS}/threads?offset=x`, status: 422, loc: ['query', 'offset'] },
  { call: `GET ${TALKS}/threads`, as: 'admin', status: 200, value: { items: [], total: 0 } },
  { call: `GET ${TALKS}/threads`, as: 'other', ...noWorkflow },
  { call: `GET ${TALKS}/threads`, ...noKey },
  {
    call: `PATCH ${TALKS}/threads/{parcel}/`,
    body: { title: ' Where is it? ' },
    status: 200,
    shape: THREAD,
    value: { thread_id: '{parcel}', title: 'Where is it?' },
  },
  { call: `PATCH ${TALKS}/threads/{parcel}/`, body: {}, status: 422, loc: ['body', 'title'] },
  { call: `PATCH ${TALKS}/threads/{parcel}/`, body: { title: '  ' }, status: 422, loc: ['body', 'title'] },
  { call: `PATCH ${TALKS}/threads/{parcel}/`, body: { title: null }, status: 422, loc: ['body', 'title'] },
  { call: `PATCH ${TALKS}/threads/absent/`, body: { title: 'x' }, ...noThread },
  { call: `PATCH ${TALKS}/threads/{parcel}/`, as: 'admin', body: { title: 'x' }, ...noThread },
  { call: `PATCH ${TALKS}/threads/{parcel}/`, as: 'other', body: { title: 'x' }, ...noWorkflow },
  { call: `PATCH ${TALKS}/threads/{parcel}/`, body: { title: 'x' }, ...noKey },
  { call: `GET ${TALKS}/history?thread_id={parcel}`, status: 200, value: { messages: [], has_more: false } },
  { call: `GET ${TALKS}/history?thread_id=absent`, ...noThread },
  { call: `GET ${TALKS}/history?thread_id={parcel}`, as: 'admin', ...noThread },
  { call: `GET ${TALKS}/history?limit=ten`, status: 422, loc: ['query', 'limit'] },
  { call: `DELETE ${TALKS}/history?thread_id=absent`, ...noThread },
  { call: `DELETE ${TALKS}/history?thread_id={parcel}`, as: 'admin', ...noThread },
  {
    call: `POST ${TALKS}/`,
    body: { text: 'wait', thread_id: '{aside}' },
    status: 200,
    shape: SENT,
    value: { thread_id: '{aside}', status: 'pending', response: '' },
    keep: { waiting: 'execution_id' },
  },
  { call: `POST ${TALKS}/`, body: { text: 'x', thread_id: 'absent' }, ...noThread },
  { call: `POST ${TALKS}/`, as: 'admin', body: { text: 'x', thread_id: '{aside}' }, ...noThread },
  { call: `POST ${TALKS}/stop/`, body: { thread_id: 'absent' }, ...noThread },
  { call: `POST ${TALKS}/stop/`, as: 'admin', body: { thread_id: '{aside}' }, ...noThread },
  { call: `POST ${TALKS}/stop/`, as: 'other', body: {}, ...noWorkflow },
  { call: 'POST /workflows/absent/chat/stop/', body: {}, ...noWorkflow },
  { call: `POST ${TALKS}/stop/`, body: {}, ...noKey },
  { call: `POST ${TALKS}/stop/`, body: { thread_id: 5 }, status: 422, loc: ['body', 'thread_id'] },
  { call: `POST ${TALKS}/stop/`, body: {}, status: 200, value: { execution_ids: [] } },
  {
    call: `POST ${TALKS}/stop/`,
    body: { thread_id: '{aside}' },
    status: 200,
    value: { execution_ids: ['{waiting}'] },
  },
  { call: `POST ${TALKS}/stop`, body: { thread_id: '{aside}' }, status: 200, value: { execution_ids: [] } },
  { call: 'GET /executions/{waiting}/', status: 200, value: { status: 'cancelled' } },
  {
    call: `GET ${TALKS}/history?thread_id={aside}`,
    status: 200,
    shape: MESSAGE,
    at: 'messages',
    each: true,
    value: { messages: [{ text: 'wait' }, { text: 'This answer was stopped.', error_code: 'cancelled' }] },
  },
  { call: `DELETE ${TALKS}/threads/{aside}/`, as: 'admin', ...noThread },
  { call: `DELETE ${TALKS}/threads/{aside}/`, as: 'other', ...noWorkflow },
  { call: `DELETE ${TALKS}/threads/{aside}/`, ...noKey },
  { call: `DELETE ${TALKS}/threads/{aside}/`, status: 204 },
  { call: `DELETE ${TALKS}/threads/{aside}/`, ...noThread },
  { call: `GET ${TALKS}/history?thread_id={aside}`, ...noThread },
];

const IN_PARCEL = { thread_id: '{parcel}' } as const;
const file = (filename: string, media_type: string, data: string) => ({ filename, media_type, data });

/** Sending: what is refused, said twice, edited and asked again. */
export const rewrites: readonly Row[] = [
  {
    call: `POST ${TALKS}/`,
    body: { text: 'first', ...IN_PARCEL },
    headers: { 'idempotency-key': 'k1' },
    status: 200,
    shape: SENT,
    keep: { first: 'message_id', first_run: 'execution_id' },
  },
  {
    call: `POST ${TALKS}/`,
    body: { ...IN_PARCEL, text: 'first' },
    headers: { 'idempotency-key': 'k1' },
    status: 200,
    value: { execution_id: '{first_run}', message_id: '{first}' },
  },
  {
    call: `POST ${TALKS}/`,
    body: { text: 'other', ...IN_PARCEL },
    headers: { 'idempotency-key': 'k1' },
    ...reused,
  },
  {
    call: `GET ${TALKS}/history?thread_id={parcel}`,
    status: 200,
    eventually: true,
    value: { messages: [{ id: '{first}', text: 'first' }, { text: 'You said: first' }] },
    keep: { first_answer: 'messages.1.id' },
  },
  {
    call: `GET ${TALKS}/history?thread_id={parcel}&before_id={first_answer}`,
    status: 200,
    value: { messages: [{ id: '{first}' }], has_more: false },
  },
  {
    call: `GET ${TALKS}/history?thread_id={parcel}&limit=1`,
    status: 200,
    value: { messages: [{ id: '{first_answer}' }], has_more: true },
  },
  {
    call: `GET ${TALKS}/history?thread_id={parcel}&before_id=x`,
    status: 400,
    detail: "Invalid 'before_id'. Give the id of a message.",
  },
  {
    call: `POST ${TALKS}/`,
    body: { text: 'x', edit_of: 'x', ...IN_PARCEL },
    status: 400,
    detail: "Invalid 'edit_of'. Give the id of a message.",
  },
  {
    call: `POST ${TALKS}/`,
    body: { text: 'x', retry_of: '9'.repeat(20), ...IN_PARCEL },
    status: 400,
    detail: "Invalid 'retry_of'. Give the id of a message.",
  },
  {
    call: `POST ${TALKS}/`,
    body: { text: 'x', edit_of: '{first}', retry_of: '{first}', ...IN_PARCEL },
    status: 400,
    detail: 'Give edit_of or retry_of, not both.',
  },
  { call: `POST ${TALKS}/`, body: { text: 'x', edit_of: '999999999', ...IN_PARCEL }, ...noMessage },
  { call: `POST ${TALKS}/`, body: { text: 'x', edit_of: '{first_answer}', ...IN_PARCEL }, ...noMessage },
  { call: `POST ${TALKS}/`, body: { text: 'x', retry_of: '{first}' }, ...noMessage },
  { call: `POST ${TALKS}/`, as: 'admin', body: { text: 'x', edit_of: '{first}' }, ...noMessage },
  { call: `POST ${TALKS}/`, body: { text: 'x', retry_of: '{first}', thread_id: 'absent' }, ...noThread },
  { call: `POST ${TALKS}/`, body: { text: 'x'.repeat(200_001) }, status: 422, loc: ['body', 'text'] },
  { call: `POST ${TALKS}/`, body: { text: null }, status: 422, loc: ['body', 'text'] },
  {
    call: `POST ${TALKS}/`,
    body: { text: 'x', attachments: 'none' },
    status: 422,
    loc: ['body', 'attachments'],
  },
  {
    call: `POST ${TALKS}/`,
    body: { text: 'x', attachments: Array.from({ length: 6 }, () => file('a', 'text/plain', '')) },
    status: 422,
    loc: ['body', 'attachments'],
  },
  {
    call: `POST ${TALKS}/`,
    body: { text: 'x', attachments: [file('a.exe', 'application/x-msdownload', 'AAAA')] },
    status: 415,
    says: ['a.exe', 'Text files and pictures (PNG, JPEG, GIF, WebP) are taken.'],
  },
  {
    call: `POST ${TALKS}/`,
    body: { text: 'x', attachments: [file('a.txt', 'text/plain', '?')] },
    status: 422,
    detail: 'The file “a.txt” did not arrive whole: its content is no base64.',
  },
  {
    call: `POST ${TALKS}/`,
    body: { text: 'better', edit_of: '{first}', ...IN_PARCEL },
    status: 200,
    shape: SENT,
    keep: { better: 'message_id' },
  },
  {
    call: `GET ${TALKS}/history?thread_id={parcel}`,
    status: 200,
    eventually: true,
    value: { messages: [{ id: '{better}', text: 'better' }, { text: 'You said: better' }], has_more: false },
  },
  { call: `POST ${TALKS}/`, body: { text: 'x', edit_of: '{first}', ...IN_PARCEL }, ...noMessage },
  {
    call: `POST ${TALKS}/`,
    body: { text: '', retry_of: '{better}', ...IN_PARCEL },
    status: 200,
    shape: SENT,
    keep: { again: 'message_id' },
  },
  {
    call: `GET ${TALKS}/history?thread_id={parcel}`,
    status: 200,
    eventually: true,
    value: { messages: [{ id: '{again}', text: 'better' }, { text: 'You said: better' }] },
  },
];
