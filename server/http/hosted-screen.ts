import type { IncomingMessage } from 'node:http';
import type { Screens } from './screens.ts';
import type { Listener } from './server.ts';

/** What of a hosted chat decides how its screens are sent. */
export interface HostedChat {
  readonly title: string;
  /** Origins that may show it within their pages. */
  readonly embedders: readonly string[];
}

const HOSTED = /^\/(chat|embed)\/([\w-]{1,64})\/?(?:\?|$)/;
const NAMED = /^\/(?:chat|embed)\//;
const ORIGIN = /^https?:\/\/(?:\*\.)?[a-z0-9.-]+(?::\d{1,5})?$/i;

/**
 * The screens, of which the chats for people without an account differ: those that are switched off are not there,
 * and the widget's may be framed, by the sites that were named and nobody else.
 */
export function withHostedChats(
  screens: Screens,
  find: (pageId: string) => Promise<HostedChat | null>,
): Listener {
  return async (incoming, response) => {
    forget(incoming);
    const url = incoming.url ?? '/';
    if (!NAMED.test(url)) return screens.answer(incoming, response);
    const [, kind, pageId = ''] = HOSTED.exec(url) ?? [];
    const chat = pageId === '' ? null : await find(pageId).catch(() => undefined);
    // A database that does not answer now is no reason to say that there is no such chat; the screen says it is down.
    const embedders = kind === 'embed' ? (chat?.embedders ?? []).filter((one) => ORIGIN.test(one)) : [];
    const missing = chat === null || (chat !== undefined && kind === 'embed' && embedders.length === 0);
    if (missing) incoming.headers[MISSING] = '1';
    // Headers are ASCII.
    else if (chat) incoming.headers[TITLE] = encodeURIComponent(chat.title.toWellFormed());
    return screens.answer(incoming, response, missing ? [] : embedders);
  };
}

/** Tells the page that it is not there; callers cannot say so themselves. */
const MISSING = 'x-chat-missing';
/** Tells the page how it is called. */
const TITLE = 'x-chat-title';

function forget(incoming: IncomingMessage): void {
  delete incoming.headers[MISSING];
  delete incoming.headers[TITLE];
}
