/** The queue's README says what the code says, and the tests it names are there. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { jobNames } from '../../../worker/protocol/jobs.ts';
import { queueOfJob } from '../../../worker/protocol/queues.ts';
import { jobStatuses, legalTransitions } from '../../../worker/protocol/status.ts';

const root = resolve(import.meta.dirname, '../../..');
const readme = readFileSync(resolve(root, 'worker/queue/README.md'), 'utf8');

/** The cells of the table below a heading, without its head. */
function tableOf(heading: string): string[][] {
  const section = readme.split(/^## /m).find((text) => text.startsWith(heading)) ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
const namesIn = (cell: string): string[] => [...cell.matchAll(/`([\w-]+)`/g)].flatMap(([, name]) => name ?? []);

describe('the queue’s README', () => {
  it('lists every job with its queue', () => {
    const listed = tableOf('Jobs').map(([job = '', queue = '']) => [namesIn(job)[0], namesIn(queue)[0]]);
    expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(jobNames.map((name) => [name, queueOfJob[name]])));
  });

  it('lists the legal transitions', () => {
    const listed = tableOf('Statuses').map(([from = '', to = '']) => [namesIn(from)[0], namesIn(to)]);
    expect(Object.fromEntries(listed)).toEqual(legalTransitions);
    expect(listed.map(([from]) => from)).toEqual(jobStatuses);
  });

  it.each(tableOf('When something dies').map(([what = '', , , proof = '']) => [what, proof] as const))(
    'names a test that is there: %s',
    (_what, proof) => {
      const [, file = '', title = ''] = /^`([\w-]+\.test\.ts)`: (.+)$/.exec(proof) ?? [];
      const source = readFileSync(resolve(root, 'test/integration', file), 'utf8');
      expect(source.includes(title), title).toBe(true);
    },
  );
});
