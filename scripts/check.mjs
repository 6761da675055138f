// Types, lint, format, import cycles, import table: node scripts/check.mjs [--fix]
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot as root } from './project-root.mjs';
import { runCommand } from './setup/run-command.mjs';
import { runSetup } from './setup/run-setup.mjs';

const { values } = parseArgs({ options: { fix: { type: 'boolean', default: false } } });
const { ready } = await runSetup({ root, purpose: 'check', quiet: true });
if (!ready) process.exit(1);

/** @param {string} program @param {string[]} args */
const nodeModule = async (program, args) => {
  const { exitCode, output } = await runCommand(process.execPath, [join(root, 'node_modules', program), ...args], {
    cwd: root,
  });
  return exitCode === 0 ? [] : [output.trim() || `ended with exit code ${exitCode}`];
};

/** Each gives its findings; none means it passed. @type {Record<string, () => Promise<string[]>>} */
const checks = {
  'types: pure': () => nodeModule('typescript/bin/tsc', ['-p', 'tsconfig.pure.json']),
  'types: node': () => nodeModule('typescript/bin/tsc', ['-p', 'tsconfig.node.json']),
  'types: window': () => nodeModule('typescript/bin/tsc', ['-p', 'tsconfig.renderer.json']),
  'lint, format, cycles': () => nodeModule('@biomejs/biome/bin/biome', ['check', ...(values.fix ? ['--write'] : [])]),
  'import table': async () => {
    const { compareReadme, findForbiddenImports, writeReadme } = await import('./check-imports.mjs');
    if (values.fix) {
      const readme = join(root, 'README.md');
      writeFileSync(readme, writeReadme(readFileSync(readme, 'utf8')));
    }
    return [...findForbiddenImports(root), ...compareReadme(readFileSync(join(root, 'README.md'), 'utf8'))];
  },
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  const startedAt = performance.now();
  const findings = await check();
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${findings.length === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  for (const finding of findings) console.log(finding);
  if (findings.length > 0) failed += 1;
}
console.log(
  failed === 0 ? 'check: everything is in order' : `check: ${failed} of ${Object.keys(checks).length} failed`,
);
process.exitCode = failed === 0 ? 0 : 1;
