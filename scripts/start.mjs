// Sets up what is missing and opens the app: in Electron, or else in a browser.
import { join } from 'node:path';
import { allowsSandbox, decideHost } from './decide-host.mjs';
import { openInBrowser } from './open-in-browser.mjs';
import { projectRoot as root } from './project-root.mjs';
import { runForeground } from './run-foreground.mjs';
import { hasDisplay } from './setup/display.mjs';
import { electronProgram } from './setup/electron-binary.mjs';
import { runSetup } from './setup/run-setup.mjs';

const { ready } = await runSetup({ root, purpose: 'start' });
if (!ready) process.exit(1);

const electron = electronProgram(root);
const decision = decideHost({
  electron,
  display: hasDisplay(),
  root: process.getuid?.() === 0,
  sandbox: allowsSandbox(electron),
});
if (decision.because !== undefined) console.log(`[start] ${decision.because}`);

const options = process.argv.slice(2);
if (decision.host === 'electron' && electron !== undefined) {
  process.exitCode = await runForeground(electron, [...decision.args, root, ...options], { cwd: root });
} else {
  let opened = false;
  process.exitCode = await runForeground(process.execPath, [join(root, 'dist', 'node', 'loopback.js'), ...options], {
    cwd: root,
    onOutput(text) {
      const url = /http:\/\/127\.0\.0\.1:\d+\S*/.exec(text)?.[0];
      if (url === undefined || opened) return;
      opened = true;
      openInBrowser(url);
    },
  });
}
