import { appBuildStep } from './app-build.mjs';
import { chromiumStep } from './chromium.mjs';
import { electronBinaryStep } from './electron-binary.mjs';
import { ffmpegStep } from './ffmpeg.mjs';
import { modelWeightsStep } from './model-weights.mjs';
import { nodeVersionStep } from './node-version.mjs';
import { npmPackagesStep } from './npm-packages.mjs';
import { redisServerStep } from './redis-server.mjs';
import { runCommand } from './run-command.mjs';
import { createSystemPackages } from './system-packages.mjs';
import { virtualDisplayStep } from './virtual-display.mjs';

/** Every step, in the order they run. @type {readonly import('./step.mjs').Step[]} */
export const setupSteps = [
  nodeVersionStep,
  npmPackagesStep,
  redisServerStep,
  ffmpegStep,
  electronBinaryStep,
  chromiumStep,
  virtualDisplayStep,
  modelWeightsStep,
  appBuildStep,
];

/** @type {readonly import('./step.mjs').Purpose[]} */
export const purposes = ['start', 'analyze', 'worker', 'test', 'check', 'bench', 'package'];

/**
 * Makes the machine ready for a purpose. Everything it says goes to `write`, by default standard error, so that
 * standard output belongs to the command that follows.
 * @param {object} input
 * @param {string} input.root
 * @param {import('./step.mjs').Purpose} input.purpose
 * @param {boolean} [input.retry] Try again what failed less than a day ago.
 * @param {boolean} [input.quiet] Say nothing of what was found: only of what was installed or is missing.
 * @param {readonly import('./step.mjs').Step[]} [input.steps]
 * @param {(line: string) => void} [input.write]
 * @returns {Promise<{ ready: boolean, missing: string[] }>} Not ready: a step failed that nothing works without.
 */
export async function runSetup({
  root,
  purpose,
  retry = false,
  quiet = false,
  steps = setupSteps,
  write = (line) => process.stderr.write(`${line}\n`),
}) {
  /** @type {string[]} */
  const missing = [];
  const say = (/** @type {string} */ text) => write(`[setup] ${text} ...`);
  const systemPackages = createSystemPackages({ run: runCommand, say });
  for (const step of steps) {
    if (!step.purposes.includes(purpose)) continue;
    const result = await step.prepare({ root, purpose, retry, say, run: runCommand, systemPackages });
    if (!(quiet && result.outcome === 'found')) write(`[setup] ${resultLine(step.name, result)}`);
    if (result.outcome === 'missing') missing.push(step.name);
    if (result.fatal) return { ready: false, missing };
  }
  return { ready: true, missing };
}

/**
 * @param {string} name
 * @param {import('./step.mjs').StepResult} result
 */
export function resultLine(name, { outcome, detail, cost }) {
  return `${name}: ${outcome}: ${detail}${cost === undefined ? '' : `; without it: ${cost}`}`;
}
