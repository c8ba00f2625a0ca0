import type { OutputOf } from '#contract/contract.ts';
import type { ProblemDetail } from '#domain/problem.ts';

type Visited = OutputOf<'visits', 'page'>;

/** The API as a visitor of one hosted page uses it. */
export interface VisitClient {
  readonly page: () => Promise<Visited>;
  /** Sends a request as the visitor, beginning the visit when there is none. */
  readonly call: <T>(method: string, path: string, body?: unknown) => Promise<T>;
  /** The content of a file. */
  readonly file: (path: string) => Promise<Blob>;
  /** Within another site. */
  readonly framed: boolean;
  readonly headers: () => Readonly<Record<string, string>>;
  readonly addressOf: (path: string) => string;
}

/** `framed`: within another site, where cookies do not reach; the visitor then shows a token. */
export function visitClient(pageId: string, framed: boolean): VisitClient {
  const base = `/api/v1/chat/${encodeURIComponent(pageId)}`;
  const box = tokenBox(`pipewright:visit:${pageId}`);
  const headers = (): Record<string, string> => {
    const token = framed ? box.read() : null;
    return token === null ? {} : { authorization: `Bearer ${token}` };
  };
  const request = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(base + path, {
      method,
      headers: { ...headers(), ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw problemIn(answer.status, text);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
  const open = async (): Promise<void> => {
    const mode = framed ? 'token' : 'cookie';
    const { token } = await request<OutputOf<'visits', 'open'>>('POST', '/session', { mode });
    if (token !== null) box.write(token);
  };
  // Going on with a visit makes it last longer, so every page begins with it.
  let begun: Promise<void> | null = null;
  const begin = (): Promise<void> => {
    begun ??= open().catch((error: unknown) => {
      begun = null;
      throw error;
    });
    return begun;
  };
  return {
    page: () => request<Visited>('GET', ''),
    call: async (method, path, body) => {
      try {
        await begin();
        return await request(method, path, body);
      } catch (error) {
        if (!(error instanceof VisitProblem) || error.data.httpStatus !== 401) throw error;
        begun = null;
        await begin();
        return await request(method, path, body);
      }
    },
    file: async (path) => {
      const answer = await fetch(base + path, { headers: headers() });
      if (!answer.ok) throw problemIn(answer.status, await answer.text());
      return answer.blob();
    },
    framed,
    headers,
    addressOf: (path) => base + path,
  };
}

/** A refusal in the shape `readProblem` reads. */
class VisitProblem extends Error {
  readonly data: { readonly httpStatus: number; readonly problem: unknown; readonly detail: ProblemDetail };
  constructor(httpStatus: number, problem: unknown, detail: ProblemDetail) {
    super(typeof detail === 'string' ? detail : 'The request was refused.');
    this.data = { httpStatus, problem, detail };
  }
}

function problemIn(status: number, text: string): VisitProblem {
  const fallback = 'The server could not answer. Try again in a moment.';
  try {
    const { code, detail } = JSON.parse(text) as { code?: unknown; detail?: ProblemDetail };
    return new VisitProblem(status, code, detail ?? fallback);
  } catch {
    return new VisitProblem(status, undefined, fallback);
  }
}

/** Keeps a token in this browser; where it keeps nothing, until the page is left. */
function tokenBox(key: string): { read: () => string | null; write: (token: string) => void } {
  let held: string | null = null;
  return {
    read: () => {
      try {
        return window.localStorage.getItem(key) ?? held;
      } catch {
        return held;
      }
    },
    write: (token) => {
      held = token;
      try {
        window.localStorage.setItem(key, token);
      } catch {
        // Held above.
      }
    },
  };
}
