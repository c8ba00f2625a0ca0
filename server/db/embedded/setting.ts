import type { Home } from './home.ts';

/** PostgreSQL settings by name, e.g. `{ fsync: 'off' }`. */
export type Settings = Record<string, string>;

/** Sized for one machine running the whole product; given at start, so a new version may change them. */
const defaults: Settings = {
  shared_buffers: '128MB',
  max_connections: '200',
  wal_compression: 'on',
  synchronous_commit: 'on',
  // Our queries are short: compiling them costs more than it saves.
  jit: 'off',
  max_wal_size: '2GB',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** The command line of `postgres`: no TCP at all, only a Unix socket in a private directory. */
export function postgresArguments(home: Home, settings: Settings): string[] {
  const all: Settings = {
    ...defaults,
    ...settings,
    listen_addresses: '',
    port: '5432',
    unix_socket_directories: quoteListItem(home.socket),
    unix_socket_permissions: '0700',
  };
  return ['-D', home.data, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

/** The setting is a comma-separated list, so a path holding a comma or a blank needs quotes. */
function quoteListItem(path: string): string {
  return `"${path.replaceAll('"', '""')}"`;
}
