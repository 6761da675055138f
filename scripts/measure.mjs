// Events and metrics of a motion: node scripts/measure.mjs MOTION [options of src-main/measure.ts]
import { join } from 'node:path';
import { projectRoot as root } from './project-root.mjs';
import { runForeground } from './run-foreground.mjs';
import { runSetup, setupSteps } from './setup/run-setup.mjs';

// No film, no model, no queue: what the command is built from, and nothing else.
const needed = ['Node', 'npm packages', 'build'];
const steps = setupSteps.filter(({ name }) => needed.includes(name));
// Quiet, and on standard error: standard output belongs to `--json`.
const { ready } = await runSetup({ root, purpose: 'analyze', quiet: true, steps });
if (ready) {
  // npm changes into the project; a motion is named from where the command was given.
  const cwd = process.env['INIT_CWD'] ?? process.cwd();
  const measure = join(root, 'dist', 'node', 'measure.js');
  process.exitCode = await runForeground(process.execPath, [measure, ...process.argv.slice(2)], { cwd });
} else {
  process.exitCode = 1;
}
