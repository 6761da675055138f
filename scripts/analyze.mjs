// The main job without a window: node scripts/analyze.mjs CLIP [options of src-main/cli.ts]
import { join } from 'node:path';
import { projectRoot as root } from './project-root.mjs';
import { runForeground } from './run-foreground.mjs';
import { runSetup, setupSteps } from './setup/run-setup.mjs';

const needsRedis = !process.argv.some((argument) => /^(--engine=)?in-process$/.test(argument));
const steps = setupSteps.filter(({ name }) => needsRedis || name !== 'redis-server');
// Quiet, and on standard error: standard output belongs to `--json`.
const { ready } = await runSetup({ root, purpose: 'analyze', quiet: true, steps });
if (ready) {
  // npm changes into the project; a clip is named from where the command was given.
  const cwd = process.env['INIT_CWD'] ?? process.cwd();
  const cli = join(root, 'dist', 'node', 'cli.js');
  process.exitCode = await runForeground(process.execPath, [cli, ...process.argv.slice(2)], { cwd });
} else {
  process.exitCode = 1;
}
