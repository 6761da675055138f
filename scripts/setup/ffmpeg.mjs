import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { findExecutable } from './find-executable.mjs';
import { forget, isRecentFailure, recall, remember } from './memory.mjs';
import { failureLine } from './run-command.mjs';

const cost = 'no clip can be read';
/** About 30 MB compressed: enough for a slow line, short enough to give up on a dead one. */
const downloadSeconds = 180;

/** @type {import('./step.mjs').Step} */
export const ffmpegStep = {
  name: 'ffmpeg',
  summary: 'reads and writes video: FFMPEG_BIN, the one of ffmpeg-static, its download, or the system’s',
  purposes: ['start', 'analyze', 'worker', 'test', 'bench', 'package'],
  async prepare(context) {
    const { root, systemPackages } = context;
    const override = process.env['FFMPEG_BIN'];
    if (override) {
      if (existsSync(override)) return { outcome: 'found', detail: `${override} (FFMPEG_BIN)` };
      return { outcome: 'missing', detail: `FFMPEG_BIN names ${override}, but there is no such file`, cost };
    }
    /** @type {string | null} */
    const bundled = createRequire(join(root, 'package.json'))('ffmpeg-static');
    if (bundled !== null && existsSync(bundled)) return { outcome: 'found', detail: 'the binary of ffmpeg-static' };
    const failure =
      bundled === null
        ? 'ffmpeg-static has no binary for this system'
        : await download({ context, binaryPath: bundled });
    if (failure === undefined) return { outcome: 'installed', detail: 'the binary of ffmpeg-static, downloaded' };

    const present = findExecutable(['ffmpeg']);
    if (present !== undefined) return { outcome: 'found', detail: `${present} (${failure})` };
    const outcome = await systemPackages.install({ apt: 'ffmpeg', brew: 'ffmpeg' });
    const installed = findExecutable(['ffmpeg']);
    if (outcome.installed && installed !== undefined) {
      return { outcome: 'installed', detail: `${installed}, with ${outcome.by} (${failure})` };
    }
    const why = outcome.installed ? 'its package has no ffmpeg' : outcome.why;
    return { outcome: 'missing', detail: `${failure}; ${why}: install ffmpeg so that it is on PATH`, cost };
  },
};

/**
 * Runs ffmpeg-static's own installer. Returns why there is no working binary, or undefined when there is one.
 * @param {object} input
 * @param {import('./step.mjs').SetupContext} input.context
 * @param {string} input.binaryPath
 * @returns {Promise<string | undefined>}
 */
async function download({ context: { root, run, retry, say }, binaryPath }) {
  const folder = join(root, 'node_modules', 'ffmpeg-static');
  const version = String(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version);
  const nowSeconds = Date.now() / 1000;
  if (!retry && isRecentFailure({ memory: recall(root, 'ffmpeg-static'), version, nowSeconds })) {
    return 'the download of ffmpeg-static failed less than a day ago';
  }
  say('downloading the binary of ffmpeg-static');
  const result = await run(process.execPath, [join(folder, 'install.js')], { timeoutSeconds: downloadSeconds });
  // A broken-off download leaves a file that its installer would take for the whole: only one that runs counts.
  const works = existsSync(binaryPath) && (await run(binaryPath, ['-version'])).exitCode === 0;
  if (works) {
    forget(root, 'ffmpeg-static');
    return undefined;
  }
  rmSync(binaryPath, { force: true });
  remember(root, 'ffmpeg-static', { version, failedAtSeconds: nowSeconds });
  return result.exitCode === 124
    ? `the download of ffmpeg-static took longer than ${downloadSeconds} s`
    : `the download of ffmpeg-static failed: ${failureLine(result.output)}`;
}
