// The team server: node scripts/team-server.mjs [command and options of worker/team/team-terminal.ts]
import { join } from 'node:path';
import { projectRoot as root } from './project-root.mjs';
import { runForeground } from './run-foreground.mjs';
import { runSetup } from './setup/run-setup.mjs';

const { ready } = await runSetup({ root, purpose: 'analyze', quiet: true });
if (ready) {
  // npm changes into the project; a configuration is named from where the command was given.
  const cwd = process.env['INIT_CWD'] ?? process.cwd();
  const server = join(root, 'dist', 'node', 'team-server.js');
  process.exitCode = await runForeground(process.execPath, [server, ...process.argv.slice(2)], { cwd });
} else {
  process.exitCode = 1;
}
