/** What a power cut or a bad disk can leave of the queue's file, and what the next start makes of it. */
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRedisBench, type RedisBench } from './redis-bench.ts';

let bench: RedisBench;
beforeEach(async () => {
  bench = createRedisBench();
  await bench.start();
  const client = bench.client();
  for (let i = 0; i < 10; i++) await client.set(`job-${i}`, 'x'.repeat(100));
  await bench.stop();
});
afterEach(() => bench.close());

const part = (name: string): string => join(bench.directory, 'appendonlydir', `appendonly.aof.${name}`);
const increment = '1.incr.aof';
const base = '1.base.rdb';
const keptJobs = async (): Promise<number> =>
  await bench.client().exists(...Array.from({ length: 10 }, (_, i) => `job-${i}`));
/** Bytes of the same file in the copy that was kept. */
function keptCopy(name: string): Buffer {
  const [folder] = readdirSync(bench.directory).filter((each) => each.startsWith('damaged-'));
  return readFileSync(join(bench.directory, folder ?? 'nothing kept', 'appendonlydir', `appendonly.aof.${name}`));
}
function overwrite(name: string, at: number, text: string): void {
  const bytes = readFileSync(part(name));
  bytes.write(text, at, 'latin1');
  writeFileSync(part(name), bytes);
}
const repaired = { code: 'QUEUE_DAMAGED', message: expect.stringMatching(/repaired: its last \d+ bytes/) };
const emptied = { code: 'QUEUE_DAMAGED', message: expect.stringMatching(/starts empty.*kept in .*damaged-/) };

describe.skipIf(process.platform === 'win32')("the queue's file, damaged", () => {
  it.each<[string, number, () => void]>([
    ['cut off in its last entry', 9, () => truncateSync(part(increment), readFileSync(part(increment)).length - 5)],
    ['ending in zeros, as a power cut leaves it', 10, () => appendFileSync(part(increment), Buffer.alloc(4096))],
    ['ending in half a transaction', 10, () => appendFileSync(part(increment), '*1\r\n$5\r\nMULTI\r\n*1\r\n')],
    [
      'garbled in the middle',
      5,
      () => overwrite(increment, readFileSync(part(increment)).indexOf('job-5') - 4, '????'),
    ],
  ])('%s: what lies before is kept, and the damaged file too', async (_what, jobs, damage) => {
    damage();
    const damaged = readFileSync(part(increment));
    await bench.start();
    expect(await keptJobs()).toBe(jobs);
    expect(bench.problems).toEqual([repaired]);
    expect(keptCopy(increment)).toEqual(damaged);

    // Whole again: the next start has nothing to say.
    await bench.client().set('job-9', 'again');
    await bench.stop();
    await bench.start();
    expect(await bench.client().get('job-9')).toBe('again');
    expect(bench.problems).toHaveLength(1);
  });

  it.each<[string, () => void]>([
    ['lost', () => rmSync(part('manifest'))],
    ['empty', () => truncateSync(part('manifest'))],
    ['garbled', () => overwrite('manifest', 3, '????')],
  ])('its table of contents %s: made again, nothing is lost', async (_what, damage) => {
    damage();
    await bench.start();
    expect(await keptJobs()).toBe(10);
    expect(bench.problems).toEqual([{ ...repaired, message: expect.stringContaining('last 0 bytes') }]);
  });

  it.each<[string, string, () => void]>([
    ['its base garbled', base, () => overwrite(base, 20, '????????')],
    ['its base lost', increment, () => rmSync(part(base))],
    [
      'an entry that is whole and makes no sense',
      increment,
      () => appendFileSync(part(increment), '*1\r\n$5\r\nXXXXX\r\n'),
    ],
  ])('%s: the queue starts empty and says so, and the file is kept', async (_what, name, damage) => {
    damage();
    const damaged = readFileSync(part(name));
    await bench.start();
    expect(bench.problems.at(-1)).toEqual(emptied);
    expect(keptCopy(name)).toEqual(damaged);
    expect(existsSync(part('manifest'))).toBe(true);
    await bench.client().set('job-0', 'new');
    expect(await keptJobs()).toBe(1);
  });
});
