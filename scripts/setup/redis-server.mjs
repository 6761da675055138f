import { findExecutable } from './find-executable.mjs';

const cost = 'no clip can be analysed: the queue between the app and its workers needs it';

/** @type {import('./step.mjs').Step} */
export const redisServerStep = {
  name: 'redis-server',
  summary: 'the queue between the app and its workers; a private one is started by the app',
  purposes: ['start', 'analyze', 'test', 'bench'],
  async prepare({ systemPackages }) {
    const present = findExecutable(['redis-server']);
    if (present !== undefined) return { outcome: 'found', detail: present };
    const outcome = await systemPackages.install({ apt: 'redis-server', brew: 'redis' });
    const installed = findExecutable(['redis-server']);
    if (outcome.installed && installed !== undefined) {
      return { outcome: 'installed', detail: `${installed}, with ${outcome.by}` };
    }
    const why = outcome.installed ? 'its package has no redis-server' : outcome.why;
    return { outcome: 'missing', detail: `${why}: install Redis 6.2 or newer so that redis-server is on PATH`, cost };
  },
};
