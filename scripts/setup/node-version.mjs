/** @type {import('./step.mjs').Step} */
export const nodeVersionStep = {
  name: 'Node',
  summary: 'Node 20.19 or newer, which runs everything',
  purposes: ['start', 'analyze', 'worker', 'test', 'check', 'bench', 'package'],
  async prepare() {
    return judgeNodeVersion(process.versions.node);
  },
};

/**
 * @param {string} version For example `20.19.4`.
 * @returns {import('./step.mjs').StepResult}
 */
export function judgeNodeVersion(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    return {
      outcome: 'missing',
      detail: `Node ${version} is too old: install Node 20.19 or newer from https://nodejs.org`,
      cost: 'nothing runs',
      fatal: true,
    };
  }
  if (major === 21 || (major === 22 && minor < 12)) {
    return {
      outcome: 'missing',
      detail: `Node ${version} lacks what the build tool needs: use Node 20.19+, or 22.12 and newer`,
      cost: 'the build may fail',
    };
  }
  return { outcome: 'found', detail: version };
}
