// Runs one of the project's own tools from its source: node scripts/run-tool.mjs test/bench/main.ts [its options]
import { join } from 'node:path';
import { projectRoot as root } from './project-root.mjs';
import { runForeground } from './run-foreground.mjs';
import { runSetup } from './setup/run-setup.mjs';

const [main = '', ...options] = process.argv.slice(2);
const { ready } = await runSetup({ root, purpose: 'bench', quiet: true });
if (ready) {
  const tsx = join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs');
  process.exitCode = await runForeground(process.execPath, [tsx, main, ...options], { cwd: root });
} else {
  process.exitCode = 1;
}
