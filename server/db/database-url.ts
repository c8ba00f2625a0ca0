import pg from 'pg';

/** The same server and account, another database: `postgresql://user:secret@/old?host=…` with `old` replaced. */
export function databaseUrl(url: string, database: string): string {
  const [address = '', query] = splitOnce(url, '?');
  const cut = address.indexOf('/', address.indexOf('://') + 3);
  const server = cut === -1 ? address : address.slice(0, cut);
  return `${server}/${encodeURIComponent(database)}${query === undefined ? '' : `?${query}`}`;
}

/** Runs `work` on one connection of its own and closes it, also when `work` throws. */
export async function inDatabase<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}
