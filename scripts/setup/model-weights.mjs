import { join } from 'node:path';
import { isUpToDate, stamp } from './stamped-output.mjs';

/** @type {import('./step.mjs').Step} */
export const modelWeightsStep = {
  name: 'pose models',
  summary: 'the weights of the pose models, converted from their npm package and hash-checked',
  purposes: ['start', 'analyze', 'worker', 'test', 'bench', 'package'],
  async prepare({ root, run, say }) {
    const output = {
      root,
      name: 'model-weights',
      inputs: ['models/registry.ts', 'models/blazepose', 'node_modules/@mediapipe/pose/package.json'],
      outputs: ['models/weights'],
    };
    if (isUpToDate(output)) return { outcome: 'found', detail: 'models/weights' };
    say('converting the pose models');
    const converter = [join('node_modules', 'tsx', 'dist', 'cli.mjs'), join('models', 'blazepose', 'convert-main.ts')];
    const { exitCode, output: text } = await run(process.execPath, converter, { cwd: root });
    if (exitCode !== 0) {
      return {
        outcome: 'missing',
        detail: `the conversion failed:\n${text.trim()}`,
        cost: 'no pose can be found',
        fatal: true,
      };
    }
    stamp(output);
    return { outcome: 'installed', detail: 'models/weights, converted and hash-checked' };
  },
};
