import { join } from 'node:path';
import { isUpToDate, stamp } from './stamped-output.mjs';

/** @type {import('./step.mjs').Step} */
export const appBuildStep = {
  name: 'build',
  summary: 'dist/, built anew when a source file changed',
  purposes: ['start', 'analyze', 'worker', 'test', 'bench', 'package'],
  async prepare({ root, run, say }) {
    const output = {
      root,
      name: 'build',
      inputs: [
        ...['models/registry.ts', 'models/skeletons.ts', 'worker', 'src-main', 'src-renderer'],
        ...['vite.config.ts', 'package.json', 'package-lock.json', 'tsconfig.base.json'],
      ],
      outputs: ['dist'],
    };
    if (isUpToDate(output)) return { outcome: 'found', detail: 'dist/ is up to date' };
    say('building');
    const vite = join('node_modules', 'vite', 'bin', 'vite.js');
    const startedAt = performance.now();
    const { exitCode, output: text } = await run(process.execPath, [vite, 'build', '--app'], { cwd: root });
    if (exitCode !== 0) {
      return { outcome: 'missing', detail: `the build failed:\n${text.trim()}`, cost: 'nothing to run', fatal: true };
    }
    stamp(output);
    return { outcome: 'installed', detail: `dist/ (${((performance.now() - startedAt) / 1000).toFixed(1)} s)` };
  },
};
