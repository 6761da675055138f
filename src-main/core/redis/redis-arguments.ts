/** The private redis-server's command line, as data. */

export type RedisListening =
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'port'; readonly port: number; readonly password: string };

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
      : ['--port', String(listening.port), '--bind', '127.0.0.1', '--requirepass', listening.password];
  return [
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

/** Unix socket paths are cut off at about 104 bytes on macOS and 108 on Linux. */
export const longestSocketPath = 100;
