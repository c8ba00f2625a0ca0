import { type Client, type Input, type Reply, restCall } from './client.ts';
import { operationOf } from './listed-operation.ts';

/** Somebody who calls operations by their id. */
export interface Session {
  readonly key: string | null;
  call(id: string, input?: Input): Promise<Reply>;
  /** @throws Error when the answer has another status than the contract promises. */
  ok<T = Readonly<Record<string, never>>>(id: string, input?: Input): Promise<T>;
}

export function sessionOf(client: Client, key: string | null): Session {
  const call = (id: string, input: Input = {}): Promise<Reply> =>
    client.send({ ...restCall(operationOf(id), input), key });
  return {
    key,
    call,
    ok: async <T>(id: string, input: Input = {}): Promise<T> => {
      const reply = await call(id, input);
      if (reply.status !== operationOf(id).operation.status) {
        throw new Error(`${id} answered ${reply.status}: ${reply.text}`);
      }
      return reply.body as T;
    },
  };
}

/** Asks until `check` gives something. */
export async function until<T>(check: () => Promise<T | null | false | undefined>, ms = 20_000): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const found = await check();
    if (found) return found;
    if (Date.now() > end) throw new Error(`It did not happen within ${ms} ms.`);
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}
