/** The command line of a redis-server of our own and its secret part, as data. */

export type RedisListening =
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'port'; readonly port: number };

export interface RedisArgumentOptions {
  readonly directory: string;
  /** For whoever started it. */
  readonly listening: RedisListening;
  /** For everybody else; without it nobody else gets in. */
  readonly tls?: RedisTlsListening;
  /** Users, as `ACL SETUSER` has them, one a line: read before the first connection is taken. */
  readonly usersFile?: string;
  readonly maximumMemoryBytes: number;
}

export interface RedisTlsListening {
  readonly port: number;
  readonly bind: string;
  /** PEM files. */
  readonly certificateFile: string;
  readonly keyFile: string;
}

/**
 * `appendfsync always`: what Redis has answered lies on the disk, so a job is safe before the window says "queued".
 * `everysec` would lose a second of accepted jobs to a power cut, and up to two to a mere kill, because it holds
 * writes back while its own sync is slow. Measured for 1000 jobs queued one by one on a virtual disk (Redis 7.0):
 * always p50 0.33 ms, p99 0.52 ms; everysec p50 0.14 ms, p99 0.24 ms; 2000 at once take 0.1 s with either, because
 * one sync serves all that waits. `npm run bench -- --part queue` measures it here. (WAITAOF, for single commands, needs
 * Redis 7.2.)
 *
 * `aof-load-truncated no`: a damaged file is never cut off silently; see queue-file.ts.
 * `noeviction`: a queue never forgets a job to save memory; it refuses the next one.
 */
export function redisArguments(options: RedisArgumentOptions): string[] {
  const { directory, listening, tls, usersFile, maximumMemoryBytes } = options;
  const network =
    listening.kind === 'socket'
      ? ['--port', '0', '--unixsocket', listening.path, '--unixsocketperm', '700']
      : ['--port', String(listening.port), '--bind', '127.0.0.1'];
  return [
    // The rest comes through standard input: a password has no place in a command line that every user can list.
    '-',
    ...network,
    ...(tls === undefined ? [] : tlsArguments(tls)),
    ...(usersFile === undefined ? [] : ['--aclfile', usersFile]),
    ...['--dir', directory],
    ...['--appendonly', 'yes'],
    ...['--appendfsync', 'always'],
    ...['--aof-load-truncated', 'no'],
    ...['--save', ''],
    ...['--maxmemory', String(maximumMemoryBytes)],
    ...['--maxmemory-policy', 'noeviction'],
    ...['--daemonize', 'no'],
    ...['--loglevel', 'warning'],
    ...['--databases', '1'],
  ];
}

function tlsArguments({ port, bind, certificateFile, keyFile }: RedisTlsListening): string[] {
  return [
    ...['--tls-port', String(port), '--bind', bind],
    ...['--tls-cert-file', certificateFile, '--tls-key-file', keyFile],
    // Clients show a password, not a certificate.
    ...['--tls-auth-clients', 'no', '--tls-protocols', 'TLSv1.2 TLSv1.3'],
  ];
}

/** What is written to the server's standard input. */
export function redisSecrets(password: string | undefined): string {
  return password === undefined ? '' : `requirepass ${password}\n`;
}

const leastMemoryBytes = 128 * 2 ** 20;
const mostMemoryBytes = 2 ** 30;

/** How much the queue may take of this machine: a sixteenth. A job takes about a kilobyte. */
export function queueMemoryBytes(machineBytes: number): number {
  return Math.min(mostMemoryBytes, Math.max(leastMemoryBytes, Math.floor(machineBytes / 16)));
}
