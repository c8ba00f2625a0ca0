import { type Context, Hono } from 'hono';
import { may, refusal } from '#domain/access/permission.ts';
import { AppError } from '#domain/problem.ts';
import type { RunWakes, StreamSources } from '#server/features/chat/run-stream.ts';
import { streamRun } from '#server/features/chat/run-stream.ts';
import type { StreamAccess } from '#server/features/chat/stream-access.ts';
import type { Talk } from '#server/features/chat/thread.ts';
import { type ContextSource, countStranger, whoSentCounted } from './context.ts';
import { EventStream } from './event-stream.ts';
import { nameRoute } from './request-log.ts';
import type { Env } from './rest.ts';
import { visitToken } from './visit-cookie.ts';

export interface ChatRouteOptions extends StreamSources {
  readonly wakes: RunWakes;
  readonly access: StreamAccess;
}

export interface ChatRoutes {
  readonly app: Hono<Env>;
  /** Ends every stream: whoever reads comes back elsewhere. */
  close(): void;
}

const MAX_STREAMS_EACH = 20;
const MEMBER = '/workflows/:slug/chat';
const VISITOR = '/chat/:page';

/** What is no JSON below /api/v1: streams of answers, and the files of messages. */
export function chatRoutes(options: ChatRouteOptions, source: ContextSource): ChatRoutes {
  const app = new Hono<Env>();
  const streams = new Set<EventStream>();
  const counts = new Map<string, number>();
  const member = async (c: Context<Env>): Promise<Talk> => {
    const viewer = await whoSentCounted(source, c.env.incoming);
    if (!may(viewer, 'chat.use')) throw new AppError('forbidden', refusal('chat.use'));
    return options.access.member(viewer, c.req.param('slug') ?? '');
  };
  const visitor = (c: Context<Env>): Promise<Talk> => {
    const { incoming } = c.env;
    countStranger(source, incoming);
    const page = c.req.param('page') ?? '';
    return options.access.visitor(page, visitToken(incoming, page, source.peerOf(incoming).secure));
  };
  const both = (path: string, answer: (c: Context<Env>, talk: Talk) => Promise<Response>): void => {
    const routes = [
      [MEMBER, '/api/v1/workflows/{workflow_slug}/chat', member],
      [VISITOR, '/api/v1/chat/{page_id}', visitor],
    ] as const;
    for (const [prefix, name, whose] of routes) {
      app.on('GET', [`${prefix}${path}`, `${prefix}${path}/`], async (c) => {
        nameRoute(c.env.incoming, `${name}${path.replaceAll(/:(\w+)/g, '{$1}')}`);
        return answer(c, await whose(c));
      });
    }
  };
  both('/attachments/:attachment_id', async (c, talk) => {
    const file = await options.access.attachment(talk, c.req.param('attachment_id') ?? '');
    return c.body(new Uint8Array(file.content), 200, fileHeaders(file));
  });
  both('/stream', async (c, talk) => {
    const executionId = c.req.query('execution_id') ?? '';
    await options.access.refuseForeignRun(talk, executionId);
    // Nobody would read it, nor let go of it.
    if (c.req.method === 'HEAD') return c.body(null, 200, STREAM_HEADERS);
    const name = JSON.stringify(talk.speaker);
    const count = counts.get(name) ?? 0;
    if (count >= MAX_STREAMS_EACH)
      throw new AppError('too_many', 'Too many streams are open. Close some first.');
    counts.set(name, count + 1);
    const stream = new EventStream(() => {
      streams.delete(stream);
      const left = (counts.get(name) ?? 1) - 1;
      if (left > 0) counts.set(name, left);
      else counts.delete(name);
    });
    streams.add(stream);
    const afterSeq = Number(/^\d{1,9}$/.exec(c.req.header('last-event-id') ?? '')?.[0] ?? 0);
    const forVisitor = 'visitorId' in talk.speaker;
    void streamRun(options, { executionId, afterSeq, forVisitor }, stream)
      // The reader comes back by itself and goes on where it was.
      .catch(() => undefined)
      .finally(() => stream.end());
    return c.body(stream.body, 200, STREAM_HEADERS);
  });
  return {
    app,
    close: () => {
      for (const stream of streams) stream.end();
    },
  };
}

const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  // Proxies that collect answers would keep the words back.
  'x-accel-buffering': 'no',
};

const PICTURE = /^image\/(png|jpeg|gif|webp)$/;

/** Never shown as a page of ours: pictures only where something else shows them, everything else as a download. */
function fileHeaders({ filename, mediaType }: { readonly filename: string; readonly mediaType: string }) {
  return {
    'content-type': PICTURE.test(mediaType) ? mediaType : 'application/octet-stream',
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(filename.toWellFormed())}`,
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': 'private, max-age=3600',
  };
}
