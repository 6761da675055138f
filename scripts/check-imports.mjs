import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix } from 'node:path';
import { parseSync, Visitor } from 'vite';
import { importTable, packageHomes, sourceFolders } from './import-table.mjs';
import { listFiles } from './setup/stamped-output.mjs';

/**
 * @typedef {object} ImportedName
 * @property {string} specifier As written.
 * @property {number} line Counted from 1.
 */

/**
 * Every module a file names: imports, re-exports, dynamic imports of a literal and `import('x').Type`; types count.
 * @param {string} file Its ending chooses the syntax.
 * @param {string} text
 * @returns {ImportedName[]}
 */
export function readImports(file, text) {
  const parsed = parseSync(file, text);
  const firstError = parsed.errors[0];
  if (firstError !== undefined) throw new Error(`${file} cannot be parsed: ${firstError.message}`);
  /** @type {{ value: string, start: number }[]} */
  const found = [];
  const note = (/** @type {{ source: unknown }} */ { source }) => {
    if (isStringLiteral(source)) found.push(source);
  };
  new Visitor({
    ImportDeclaration: note,
    ExportAllDeclaration: note,
    ExportNamedDeclaration: note,
    ImportExpression: note,
    TSImportType: note,
    CallExpression({ callee, arguments: [first] }) {
      if (callee.type === 'Identifier' && callee.name === 'require' && isStringLiteral(first)) found.push(first);
    },
  }).visit(parsed.program);
  return found
    .sort((a, b) => a.start - b.start)
    .map(({ value, start }) => ({ specifier: value, line: text.slice(0, start).split('\n').length }));
}

/** @param {unknown} node @returns {node is { type: 'Literal', value: string, start: number }} */
function isStringLiteral(node) {
  return typeof node === 'object' && node !== null && 'value' in node && typeof node.value === 'string';
}

/**
 * Why an import breaks the table, or undefined.
 * @param {string} file Relative to the project, with forward slashes.
 * @param {string} specifier
 * @returns {string | undefined}
 */
export function judgeImport(file, specifier) {
  const row = rowOf(file);
  if (row === undefined) return `${file} lies in no folder of the import table`;
  if (specifier.startsWith('.')) return judgeOwnFile(file, row, specifier);
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) {
    return row.node ? undefined : `${row.folder} must run without Node`;
  }
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  if (row.pure) return `${row.folder} imports no package`;
  const homes = packageHomes[name];
  if (homes === undefined) return `package ${name} is not in scripts/import-table.mjs`;
  if (homes.some((home) => isWithin(file, home))) return undefined;
  return `package ${name} is only for ${homes.join(', ')}`;
}

/**
 * @param {string} file
 * @param {import('./import-table.mjs').ImportRow} row
 * @param {string} specifier
 */
function judgeOwnFile(file, row, specifier) {
  const target = posix.join(posix.dirname(file), specifier.replace(/\?.*$/, ''));
  const targetRow = rowOf(target);
  if (targetRow === row) return undefined;
  if (targetRow === undefined) return `${target} lies in no folder of the import table`;
  const withoutEnding = target.replace(/\.[^./]+$/, '');
  if (row.mayImport.includes(targetRow.folder) || row.mayImport.includes(withoutEnding)) return undefined;
  return `${row.folder} may not import ${targetRow.folder === row.folder ? target : targetRow.folder}`;
}

/** @param {string} file */
function rowOf(file) {
  return importTable
    .filter(({ folder }) => isWithin(file, folder))
    .reduce(
      /** @param {import('./import-table.mjs').ImportRow | undefined} best */
      (best, row) => (best === undefined || row.folder.length > best.folder.length ? row : best),
      undefined,
    );
}

/** @param {string} file @param {string} folder */
const isWithin = (file, folder) => file.startsWith(`${folder}/`);

/**
 * Every import of the source folders that breaks the table, as `file:line: import 'x': why`.
 * @param {string} root
 * @returns {string[]}
 */
export function findForbiddenImports(root) {
  const files = listFiles(root, sourceFolders)
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /\.[cm]?[jt]sx?$/.test(file));
  return files.flatMap((file) =>
    readImports(file, readFileSync(join(root, file), 'utf8')).flatMap(({ specifier, line }) => {
      const why = judgeImport(file, specifier);
      return why === undefined ? [] : [`${file}:${line}: import '${specifier}': ${why}`];
    }),
  );
}

/** The table as README prints it. */
export function renderImportTable() {
  const code = (/** @type {readonly string[]} */ names) =>
    names.map((name) => `\`${name}\``).join(', ') || 'nothing of ours';
  const rows = importTable.map(
    ({ folder, mayImport, node }) => `| \`${folder}\` | ${code(mayImport)} | ${node ? 'yes' : 'no'} |`,
  );
  const homes = Object.entries(packageHomes).map(([name, folders]) => `| \`${name}\` | ${code(folders)} |`);
  return [
    ...['| folder | may import | Node |', '|---|---|---|', ...rows, ''],
    ...['| package | only in |', '|---|---|', ...homes],
  ].join('\n');
}

const printedTable = /<!-- import table -->\n([\s\S]*?)\n<!-- end of import table -->/;

/**
 * Whether README prints the table as it is, between its two marks.
 * @param {string} readme
 * @returns {string[]} What is wrong.
 */
export function compareReadme(readme) {
  if (printedTable.exec(readme)?.[1]?.trim() === renderImportTable()) return [];
  return [
    'README.md: the import table is not the one of scripts/import-table.mjs (`npm run check -- --fix` writes it)',
  ];
}

/** README with the table as it is between its two marks. @param {string} readme */
export function writeReadme(readme) {
  return readme.replace(
    printedTable,
    () => `<!-- import table -->\n${renderImportTable()}\n<!-- end of import table -->`,
  );
}
