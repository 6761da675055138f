// The unpacked app in release/, as electron-builder.yml describes it.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot as root } from './project-root.mjs';
import { runForeground } from './run-foreground.mjs';
import { isElectronInstalled } from './setup/electron-binary.mjs';
import { runSetup } from './setup/run-setup.mjs';

const { ready } = await runSetup({ root, purpose: 'package' });
if (!ready) {
  console.log('package: NOT MADE (set-up failed)');
  process.exitCode = 1;
} else if (!isElectronInstalled(root)) {
  // No fault of the project where Electron's site cannot be reached, but never to be taken for a package.
  console.log('package: NOT MADE (Electron’s binary is not installed and could not be downloaded)');
  process.exitCode = process.env['REQUIRE_ELECTRON'] === '1' ? 1 : 0;
} else {
  const builder = join(root, 'node_modules', 'electron-builder', 'cli.js');
  const exitCode = await runForeground(process.execPath, [builder, '--dir', '--publish', 'never'], { cwd: root });
  const release = join(root, 'release');
  const made =
    exitCode === 0 && existsSync(release) ? readdirSync(release).filter((name) => /unpacked|mac/.test(name)) : [];
  console.log(made.length > 0 ? `package: ${made.map((name) => join(release, name)).join(', ')}` : 'package: NOT MADE');
  process.exitCode = made.length > 0 ? 0 : exitCode || 1;
}
