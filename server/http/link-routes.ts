import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type Context, Hono } from 'hono';
import { AppError, PROBLEMS } from '#domain/problem.ts';
import { storable } from '#domain/text.ts';
import type { Links } from '#server/features/executions/link.ts';
import { payloadOf } from '#server/features/webhooks/payload.ts';
import { readBody } from './body.ts';
import { noticePage, questionPage, resumePage } from './link-page.ts';
import type { Peer } from './peer.ts';
import { problemOf } from './problem-response.ts';
import { nameRoute, type Report, requestIdOf } from './request-log.ts';
import type { Env } from './rest.ts';
import { formHeaders } from './security-header.ts';
import { readPayload } from './webhook-listener.ts';

export interface LinkOptions {
  readonly links: Links;
  readonly peerOf: (incoming: IncomingMessage) => Peer;
  readonly report: Report;
}

const FORM_BYTES = 64 * 1024;
const LONGEST_RESPONSE = 10_000;
const NOWHERE = { title: 'Nothing here', text: 'This link leads nowhere. Check that it is complete.' };
const OVER = 'Nothing to do';

/**
 * Pages behind secret addresses: /approve/{token} answers a question, /resume/{token} makes a waiting step go on.
 * GET shows and never acts, because mail scanners and link previews open every link; only POST acts, once. The secret
 * in the address is all the authority there is: no cookie is read, so another site can do nothing in our name.
 */
export function linkRoutes(options: LinkOptions): Hono<Env> {
  const app = new Hono<Env>();
  app.on(['GET', 'POST'], ['/approve/:token', '/approve/:token/'], (c) => {
    nameRoute(c.env.incoming, '/approve/{token}');
    return answer(options, c, c.req.method === 'POST' ? approve : showQuestion);
  });
  app.on(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], ['/resume/:token', '/resume/:token/'], (c) => {
    nameRoute(c.env.incoming, '/resume/{token}');
    return answer(options, c, c.req.method === 'GET' || c.req.method === 'HEAD' ? showAddress : resume);
  });
  return app;
}

interface Visit {
  readonly links: Links;
  readonly incoming: IncomingMessage;
  readonly token: string;
  readonly nonce: string;
}

interface Shown {
  readonly status: number;
  readonly html: string;
  /** For programs. */
  readonly json: object;
}

type Act = (visit: Visit) => Promise<Shown>;

async function answer({ links, peerOf, report }: LinkOptions, c: Context<Env>, act: Act): Promise<Response> {
  const { incoming } = c.env;
  const nonce = randomBytes(16).toString('base64');
  const visit = { links, incoming, token: c.req.param('token') ?? '', nonce };
  const shown = await act(visit).catch((error: unknown) => {
    const problem = problemOf(error);
    const id = requestIdOf(incoming);
    // Without the address: whoever reads the log must not be able to use it.
    if (problem.code === 'internal') report(error, `${c.req.method} a link`, id);
    return refusedPage(nonce, problem);
  });
  const headers = formHeaders(peerOf(incoming).secure, nonce);
  for (const [name, value] of Object.entries(headers)) c.header(name, value);
  const wantsPage = (c.req.header('accept') ?? '').includes('text/html');
  if (wantsPage || c.req.method === 'GET') return c.html(shown.html, shown.status as 200);
  return c.json(shown.json, shown.status as 200);
}

function refusedPage(nonce: string, problem: AppError): Shown {
  const text = typeof problem.detail === 'string' ? problem.detail : 'The request could not be read.';
  const notice = problem.code === 'not_found' ? NOWHERE : { title: OVER, text };
  return {
    status: PROBLEMS[problem.code].http,
    html: noticePage(nonce, { ...notice, tone: 'bad' }),
    json: { detail: problem.detail, code: problem.code },
  };
}

const showQuestion: Act = async ({ links, token, nonce }) => {
  const approval = await links.readApproval(token);
  if (!approval) throw new AppError('not_found', NOWHERE.text);
  if (approval.closed !== null) throw new AppError('conflict', approval.closed);
  return { status: 200, html: questionPage(nonce, approval), json: {} };
};

const approve: Act = async ({ links, incoming, token, nonce }) => {
  const fields = new URLSearchParams((await readBody(incoming, FORM_BYTES)).toString());
  const decision = fields.get('decision');
  if (decision !== 'approve' && decision !== 'reject') {
    throw new AppError('bad_request', 'Say approve or reject: go back and use one of the two buttons.');
  }
  const confirmed = decision === 'approve';
  const response = storable(fields.get('response') ?? '');
  await links.answer(token, { confirmed, response: response.slice(0, LONGEST_RESPONSE) });
  const title = confirmed ? 'You approved' : 'You rejected';
  const html = noticePage(nonce, { title, text: 'Your answer was recorded.', tone: 'good' });
  return { status: 200, html, json: { confirmed } };
};

const showAddress: Act = async ({ links, token, nonce }) => {
  const closed = await links.readAddress(token);
  if (closed === undefined) throw new AppError('not_found', NOWHERE.text);
  if (closed !== null) throw new AppError('conflict', closed);
  return { status: 200, html: resumePage(nonce), json: {} };
};

const resume: Act = async ({ links, incoming, token, nonce }) => {
  const body = await readPayload(incoming);
  const { method = 'POST', headers, url = '' } = incoming;
  const query = url.includes('?') ? url.slice(url.indexOf('?') + 1) : '';
  const { path: _, ...call } = payloadOf({ method, headers, query, path: '' }, body);
  await links.call(token, call);
  const html = noticePage(nonce, { title: 'It goes on', text: 'The workflow was told.', tone: 'good' });
  return { status: 200, html, json: { resumed: true } };
};
