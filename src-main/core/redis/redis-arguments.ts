/** The private redis-server's command line and its secret part, as data. */

export type RedisListening =
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'port'; readonly port: number };

export interface RedisArgumentOptions {
  readonly directory: string;
  readonly listening: RedisListening;
}

/**
 * Append-only file, synced every second: a power cut loses at most the last second of the queue, and what was
 * finished lies on the disk as files anyway. `noeviction`: a queue never forgets a job to save memory.
 */
export function redisArguments({ directory, listening }: RedisArgumentOptions): string[] {
  const network =
    listening.kind === 'socket'
      ? ['--port', '0', '--unixsocket', listening.path, '--unixsocketperm', '700']
      : ['--port', String(listening.port), '--bind', '127.0.0.1'];
  return [
    // The rest comes through standard input: a password has no place in a command line that every user can list.
    '-',
    ...network,
    ...['--dir', directory],
    ...['--appendonly', 'yes'],
    ...['--appendfsync', 'everysec'],
    ...['--aof-load-truncated', 'yes'],
    ...['--save', ''],
    ...['--maxmemory-policy', 'noeviction'],
    ...['--daemonize', 'no'],
    ...['--loglevel', 'warning'],
    ...['--databases', '1'],
  ];
}

/** What is written to the server's standard input. */
export function redisSecrets(password: string | undefined): string {
  return password === undefined ? '' : `requirepass ${password}\n`;
}
