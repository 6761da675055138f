import { findExecutable } from './find-executable.mjs';
import { failureLine } from './run-command.mjs';

/**
 * @typedef {object} SystemTools What the machine offers to install with.
 * @property {boolean} apt
 * @property {boolean} brew
 * @property {boolean} root
 * @property {'none' | 'password' | 'free'} sudo `free`: no password asked; `password`: there is a terminal to ask at.
 *
 * @typedef {object} PackageNames
 * @property {string} apt
 * @property {string} brew
 * @property {boolean} [cask]
 *
 * @typedef {object} InstallPlan
 * @property {'apt' | 'brew'} manager
 * @property {boolean} interactive A password may be asked for.
 * @property {readonly (readonly [string, ...string[]])[]} refresh Run once before the first installation.
 * @property {readonly (readonly [string, ...string[]])[]} install
 *
 * @typedef {{ installed: true, by: string } | { installed: false, why: string }} InstallOutcome
 * @typedef {object} SystemPackages
 * @property {(names: PackageNames) => Promise<InstallOutcome>} install
 */

/**
 * The commands that install a package on this machine, or why there are none.
 * @param {SystemTools} tools
 * @param {PackageNames} names
 * @returns {InstallPlan | string}
 */
export function planInstall(tools, names) {
  if (tools.apt) {
    if (!tools.root && tools.sudo === 'none') return 'installing it needs root or sudo';
    /** @type {readonly string[]} */
    const prefix = tools.root ? [] : tools.sudo === 'free' ? ['sudo', '-n'] : ['sudo'];
    /** @param {readonly string[]} args @returns {[string, ...string[]]} */
    const command = (args) => {
      const aptGet = ['DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args];
      const [program, ...rest] = prefix;
      return program === undefined ? ['env', ...aptGet] : [program, ...rest, 'env', ...aptGet];
    };
    return {
      manager: 'apt',
      interactive: !tools.root && tools.sudo === 'password',
      refresh: [command(['update', '-q'])],
      install: [command(['install', '-q', '-y', '--no-install-recommends', names.apt])],
    };
  }
  if (tools.brew) {
    return {
      manager: 'brew',
      interactive: false,
      refresh: [],
      install: [['brew', 'install', ...(names.cask ? ['--cask'] : []), names.brew]],
    };
  }
  return 'there is no apt-get or brew to install it with';
}

/** @param {import('./run-command.mjs').Run} run @returns {Promise<SystemTools>} */
async function lookAround(run) {
  const root = process.getuid?.() === 0;
  const apt = process.platform === 'linux' && findExecutable(['apt-get']) !== undefined;
  const brew = process.platform === 'darwin' && findExecutable(['brew']) !== undefined;
  /** @type {SystemTools['sudo']} */
  let sudo = 'none';
  if (apt && !root && findExecutable(['sudo']) !== undefined) {
    if ((await run('sudo', ['-n', 'true'])).exitCode === 0) sudo = 'free';
    else if (process.stdin.isTTY && process.stderr.isTTY) sudo = 'password';
  }
  return { apt, brew, root, sudo };
}

/**
 * Installs packages with the machine's own package manager; its lists are refreshed once per set-up.
 * @param {object} dependencies
 * @param {import('./run-command.mjs').Run} dependencies.run
 * @param {(text: string) => void} dependencies.say
 * @param {() => Promise<SystemTools>} [dependencies.tools] Default: looks at this machine.
 * @returns {SystemPackages}
 */
export function createSystemPackages({ run, say, tools = () => lookAround(run) }) {
  /** @type {Promise<SystemTools> | undefined} */
  let known;
  let refreshed = false;
  /** @param {readonly [string, ...string[]]} command @param {boolean} interactive */
  const execute = ([program, ...args], interactive) => {
    say(`running ${[program, ...args].join(' ')}`);
    return run(program, args, { interactive, timeoutSeconds: 600 });
  };
  return {
    async install(names) {
      known ??= tools();
      const plan = planInstall(await known, names);
      if (typeof plan === 'string') return { installed: false, why: plan };
      // A list that cannot be refreshed may still hold the package: only the installation decides.
      for (const command of refreshed ? [] : plan.refresh) await execute(command, plan.interactive);
      refreshed = true;
      for (const command of plan.install) {
        const { exitCode, output } = await execute(command, plan.interactive);
        if (exitCode !== 0) {
          return { installed: false, why: `${plan.manager} could not install it (${failureLine(output)})` };
        }
      }
      return { installed: true, by: plan.manager };
    },
  };
}
