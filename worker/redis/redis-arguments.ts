/** The command line of a redis-server of our own, as data. */

export interface RedisArgumentOptions {
  readonly directory: string;
  /** For whoever started it. */
  readonly socketPath: string;
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
 * `aof-load-truncated no`: a damaged file is never cut off silently; see queue-file.ts.
 * `noeviction`: a queue never forgets a job to save memory; it refuses the next one.
 */
export function redisArguments(options: RedisArgumentOptions): string[] {
  const { directory, socketPath, tls, usersFile, maximumMemoryBytes } = options;
  return [
    // Never a port without TLS.
    ...['--port', '0', '--unixsocket', socketPath, '--unixsocketperm', '700'],
    ...(tls
      ? [
          ...['--tls-port', String(tls.port), '--bind', tls.bind],
          ...['--tls-cert-file', tls.certificateFile, '--tls-key-file', tls.keyFile],
          // Clients show a password, not a certificate.
          ...['--tls-auth-clients', 'no', '--tls-protocols', 'TLSv1.2 TLSv1.3'],
        ]
      : []),
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

const leastMemoryBytes = 128 * 2 ** 20;
const mostMemoryBytes = 2 ** 30;

/** How much the queue may take of this machine: a sixteenth. A job takes about a kilobyte. */
export function queueMemoryBytes(machineBytes: number): number {
  return Math.min(mostMemoryBytes, Math.max(leastMemoryBytes, Math.floor(machineBytes / 16)));
}
