import { hasDisplay } from './display.mjs';
import { isElectronInstalled } from './electron-binary.mjs';
import { findExecutable } from './find-executable.mjs';

/** @type {import('./step.mjs').Step} */
export const virtualDisplayStep = {
  name: 'display',
  summary: 'a virtual display for the Electron tests on a machine without one (xvfb)',
  purposes: ['test'],
  async prepare({ root, systemPackages }) {
    if (!isElectronInstalled(root)) return { outcome: 'found', detail: 'not needed: no Electron to show' };
    if (hasDisplay()) return { outcome: 'found', detail: 'the display of this machine' };
    const present = findExecutable(['xvfb-run']);
    if (present !== undefined) return { outcome: 'found', detail: present };
    const outcome = await systemPackages.install({ apt: 'xvfb', brew: 'xquartz', cask: true });
    const installed = findExecutable(['xvfb-run']);
    if (outcome.installed && installed !== undefined) {
      return { outcome: 'installed', detail: `${installed}, with ${outcome.by}` };
    }
    const why = outcome.installed ? 'its package has no xvfb-run' : outcome.why;
    return { outcome: 'missing', detail: `${why}: install xvfb`, cost: 'the Electron tests fail' };
  },
};
