import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { findExecutable } from './find-executable.mjs';

/**
 * A browser of the Chromium family: `SHADOW_TRAINER_CHROMIUM`, an installed one, then Playwright's own download.
 * @returns {string | undefined} Its program, absolute.
 */
export function findChromium() {
  const override = process.env['SHADOW_TRAINER_CHROMIUM'];
  if (override) return existsSync(override) ? override : undefined;
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
  return findExecutable([...names, ...applicationPaths(process.platform, process.env)]) ?? playwrightBrowser();
}

/**
 * Where browsers lie that are not on PATH.
 * @param {NodeJS.Platform} platform
 * @param {NodeJS.ProcessEnv} env
 * @returns {string[]}
 */
export function applicationPaths(platform, env) {
  if (platform === 'darwin') {
    return [
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    ];
  }
  if (platform === 'win32') {
    return [env['ProgramFiles'], env['ProgramFiles(x86)'], env['LOCALAPPDATA']]
      .filter((folder) => folder !== undefined)
      .flatMap((folder) => [
        join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
        join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
      ]);
  }
  return [];
}

/** @returns {string | undefined} */
function playwrightBrowser() {
  try {
    const path = createRequire(import.meta.url)('playwright-core').chromium.executablePath();
    return typeof path === 'string' && existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}
