import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compareReadme, findForbiddenImports, judgeImport, readImports } from '../../../scripts/check-imports.mjs';
import { packageHomes } from '../../../scripts/import-table.mjs';
import { projectRoot } from '../../../scripts/project-root.mjs';
import { runCommand } from '../../../scripts/setup/run-command.mjs';

describe('readImports', () => {
  it('reads every way to name a module, types too', () => {
    const text = [
      "import type { A } from './a.ts';",
      "import b, { type B } from 'b';",
      "export * from './c.ts';",
      "export { d } from './d.ts';",
      "const e = await import('./e.ts');",
      "type F = import('./f.ts').F;",
      "const g = require('g');",
      "import './style.css';",
      '// import "comment"',
      'const text = "import x from \'string\'";',
    ].join('\n');
    expect(readImports('x.ts', text)).toEqual(
      ['./a.ts', 'b', './c.ts', './d.ts', './e.ts', './f.ts', 'g', './style.css'].map((specifier, index) => ({
        specifier,
        line: index + 1,
      })),
    );
  });
  it('reads JSX', () => {
    expect(readImports('x.tsx', "import a from 'a';\nexport const X = () => <p>import</p>;")).toHaveLength(1);
  });
  it('refuses what it cannot read', () => {
    expect(() => readImports('x.ts', 'import from from from')).toThrow('x.ts cannot be parsed');
  });
});

describe('judgeImport', () => {
  it.each([
    ['worker/biomechanics/angles.ts', '../../models/skeletons.ts'],
    ['worker/pipeline/a.ts', '../biomechanics/angles.ts'],
    ['worker/media/a.ts', '../pipeline/ports.ts'],
    ['worker/media/a.ts', 'ffmpeg-static'],
    ['worker/main.ts', './media/media.ts'],
    ['src-main/core/jobs/a.ts', '../../../worker/connection.ts'],
    ['src-main/core/jobs/a.ts', '../settings/b.ts'],
    ['src-main/hosts/electron/main.ts', 'electron'],
    ['src-main/hosts/electron/main.ts', 'node:path'],
    ['src-renderer/features/queue/a.tsx', '../../../src-main/contract/bridge.ts'],
    ['src-renderer/features/queue/a.tsx', 'react/jsx-runtime'],
  ])('%s may import %s', (file, specifier) => {
    expect(judgeImport(file, specifier)).toBeUndefined();
  });

  it.each([
    ['models/registry.ts', '../worker/protocol/jobs.ts'],
    ['models/registry.ts', './blazepose/convert-model.ts'],
    ['models/registry.ts', 'zod'],
    ['worker/biomechanics/angles.ts', '../../models/registry.ts'],
    ['worker/biomechanics/angles.ts', 'node:fs'],
    ['worker/biomechanics/angles.ts', 'fs'],
    ['worker/biomechanics/angles.ts', 'zod'],
    ['worker/protocol/jobs.ts', '../storage/file-store.ts'],
    ['worker/protocol/jobs.ts', 'node:crypto'],
    ['worker/pipeline/a.ts', '../media/media.ts'],
    ['worker/pipeline/a.ts', '../inference/pose-engine.ts'],
    ['worker/pipeline/a.ts', '../main.ts'],
    ['worker/media/a.ts', '../pipeline/pose-chunk.ts'],
    ['worker/media/a.ts', 'onnxruntime-node'],
    ['src-main/core/a.ts', 'electron'],
    ['src-main/core/a.ts', '../hosts/loopback/main.ts'],
    ['src-main/core/a.ts', '../../worker/pipeline/pose-chunk.ts'],
    ['src-main/hosts/loopback/main.ts', '../electron/main.ts'],
    ['src-main/hosts/loopback/main.ts', 'electron'],
    ['src-renderer/main.tsx', '../src-main/core/create-app.ts'],
    ['src-renderer/main.tsx', 'node:path'],
    ['worker/main.ts', '../src-main/contract/bridge.ts'],
    ['worker/main.ts', 'react'],
    ['worker/main.ts', 'left-pad'],
  ])('%s may not import %s', (file, specifier) => {
    expect(judgeImport(file, specifier)).toEqual(expect.any(String));
  });
});

describe('the import table', () => {
  it('holds in this project', () => {
    expect(findForbiddenImports(projectRoot)).toEqual([]);
  });
  it('is the one README prints', () => {
    expect(compareReadme(readFileSync(join(projectRoot, 'README.md'), 'utf8'))).toEqual([]);
    expect(compareReadme('<!-- import table -->\nold\n<!-- end of import table -->')).toHaveLength(1);
  });
});

describe('the package homes', () => {
  it('name only packages that package.json names, so that none is used by accident', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
    const named = new Set(Object.keys({ ...dependencies, ...devDependencies }));
    expect(Object.keys(packageHomes).filter((name) => !named.has(name))).toEqual([]);
  });
});

describe('a planted fault is found', () => {
  let root = '';
  const plant = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'shadow-trainer-imports-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('a forbidden import, with file, line and reason', () => {
    plant('worker/biomechanics/angles.ts', "export const a = 1;\nexport { b } from '../media/media.ts';\n");
    plant('worker/media/media.ts', 'export const b = 1;\n');
    expect(findForbiddenImports(root)).toEqual([
      "worker/biomechanics/angles.ts:2: import '../media/media.ts': worker/biomechanics may not import worker/media",
    ]);
  });

  it('a cycle, by the linter as it is set up here', async () => {
    cpSync(join(projectRoot, 'biome.json'), join(root, 'biome.json'));
    symlinkSync(join(projectRoot, 'node_modules'), join(root, 'node_modules'), 'junction');
    plant('worker/a.ts', "import { b } from './b.ts';\n\nexport const a = () => b;\n");
    plant('worker/b.ts', "import { a } from './a.ts';\n\nexport const b = () => a;\n");
    const biome = join(projectRoot, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
    const lint = () => runCommand(process.execPath, [biome, 'check', '--vcs-enabled=false', 'worker'], { cwd: root });
    const withCycle = await lint();
    expect(withCycle.output).toContain('noImportCycles');
    expect(withCycle.exitCode).toBe(1);
    plant('worker/b.ts', 'export const b = () => 1;\n');
    expect((await lint()).output).not.toContain('noImportCycles');
  });
});
