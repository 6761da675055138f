// Figures of this machine, as ratios within one run; never a verdict.
import { join } from 'node:path';
import { projectRoot as root } from './project-root.mjs';
import { runForeground } from './run-foreground.mjs';
import { runSetup } from './setup/run-setup.mjs';

const { ready } = await runSetup({ root, purpose: 'bench', quiet: true });
if (ready) {
  const tsx = join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs');
  const main = join('test', 'bench', 'main.ts');
  process.exitCode = await runForeground(process.execPath, [tsx, main, ...process.argv.slice(2)], { cwd: root });
} else {
  process.exitCode = 1;
}
