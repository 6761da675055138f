// A worker machine without a window: node scripts/worker.mjs [options of worker/join/join-terminal.ts]
import { join } from 'node:path';
import { projectRoot as root } from './project-root.mjs';
import { runForeground } from './run-foreground.mjs';
import { runSetup } from './setup/run-setup.mjs';

const { ready } = await runSetup({ root, purpose: 'worker', quiet: true });
process.exitCode = ready
  ? await runForeground(process.execPath, [join(root, 'dist', 'node', 'join-team.js'), ...process.argv.slice(2)], {
      cwd: root,
    })
  : 1;
