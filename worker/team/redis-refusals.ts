/** What our own Redis refused to its users, into the log. */
import type { RedisConnection } from '../connection.ts';
import type { ServerLog } from './server-log.ts';

/** Reads the server's list of refusals and empties it. What clients only try, to introduce themselves, is left out. */
export async function reportRefusedCommands(
  connection: RedisConnection,
  log: ServerLog,
  onRefused: () => void,
): Promise<void> {
  const entries = (await connection.call('ACL', 'LOG')) as unknown[][];
  if (entries.length === 0) return;
  await connection.call('ACL', 'LOG', 'RESET');
  for (const entry of entries) {
    const field = (name: string): string => String(entry[entry.indexOf(name) + 1]);
    if (/^client\|/i.test(field('object'))) continue;
    onRefused();
    log.warn('refused', {
      ...{ reason: `redis ${field('reason')}`, user: field('username'), object: field('object').slice(0, 200) },
      ...{ times: Number(field('count')), remote: /\baddr=(\S+)/.exec(field('client-info'))?.[1] },
    });
  }
}
