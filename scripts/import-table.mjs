/**
 * The walls of the house, as data: README prints it and `npm run check` enforces it.
 *
 * @typedef {object} ImportRow
 * @property {string} folder A file belongs to the row with the longest matching folder.
 * @property {readonly string[]} mayImport Folders of other rows, or single files without their endings. Files of the
 *   same row may always import each other.
 * @property {boolean} node Whether Node's own modules may be imported.
 * @property {boolean} [pure] True: no package may be imported either, so that it runs anywhere.
 */

/** @type {readonly ImportRow[]} */
export const importTable = [
  { folder: 'models', mayImport: [], node: false, pure: true },
  { folder: 'models/blazepose', mayImport: ['models'], node: true },
  { folder: 'worker/biomechanics', mayImport: ['models/skeletons'], node: false, pure: true },
  { folder: 'worker/protocol', mayImport: ['models'], node: false },
  { folder: 'worker/pipeline', mayImport: ['worker/biomechanics', 'worker/protocol', 'models'], node: true },
  {
    folder: 'worker/motion-files',
    mayImport: [
      ...['worker/pipeline/analysis-files', 'worker/pipeline/measure-motion', 'worker/biomechanics'],
      ...['worker/protocol', 'models'],
    ],
    node: false,
  },
  {
    folder: 'worker/exports',
    mayImport: ['worker/pipeline', 'worker/motion-files', 'worker/biomechanics', 'worker/protocol', 'models'],
    node: true,
  },
  {
    folder: 'worker/inference',
    mayImport: ['worker/pipeline/ports', 'worker/pipeline/picture', 'worker/protocol', 'models'],
    node: true,
  },
  {
    folder: 'worker/media',
    mayImport: ['worker/pipeline/ports', 'worker/pipeline/picture', 'worker/protocol', 'models'],
    node: true,
  },
  { folder: 'worker/storage', mayImport: ['worker/pipeline/ports', 'worker/protocol', 'models'], node: true },
  { folder: 'worker/queue', mayImport: ['worker/connection', 'worker/protocol', 'models'], node: true },
  {
    folder: 'worker/redis',
    mayImport: ['worker/storage', 'worker/connection', 'worker/node-runner', 'worker/protocol'],
    node: true,
  },
  {
    folder: 'worker/machine',
    mayImport: ['worker/worker-settings', 'worker/node-runner', 'worker/redis', 'worker/protocol'],
    node: true,
  },
  {
    folder: 'worker',
    mayImport: [
      ...['worker/pipeline', 'worker/inference', 'worker/media', 'worker/storage', 'worker/queue', 'worker/redis'],
      ...['worker/machine', 'worker/exports'],
      ...['worker/motion-files', 'worker/biomechanics', 'worker/protocol', 'models'],
    ],
    node: true,
  },
  { folder: 'src-main/contract', mayImport: ['worker/protocol', 'models'], node: false },
  {
    folder: 'src-main/core',
    mayImport: [
      ...['src-main/contract', 'worker/protocol', 'worker/storage', 'worker/queue', 'worker/redis'],
      'worker/machine',
      ...[
        'worker/connection',
        'worker/team-connection',
        'worker/wanted-assets',
        'worker/node-runner',
        'worker/configuration',
        'worker/worker-settings',
        'worker/biomechanics',
        'models',
      ],
    ],
    node: true,
  },
  {
    folder: 'src-main/hosts',
    mayImport: [
      ...['src-main/core', 'src-main/contract', 'src-main/app-paths', 'worker/protocol', 'worker/node-runner'],
      'worker/machine',
    ],
    node: true,
  },
  // What joins the core, which knows jobs, with the team server, which knows who may come in.
  {
    folder: 'src-main/hosts/team-server',
    mayImport: [
      ...['src-main/hosts', 'src-main/core', 'src-main/contract', 'src-main/app-paths', 'worker/protocol'],
      ...['worker/connection', 'worker/queue', 'worker/team-server', 'worker/team/team-monitor'],
      ...['worker/team/token-store', 'worker/team/slow-connections', 'worker/team/server-log'],
    ],
    node: true,
  },
  {
    folder: 'src-main/hosts/electron',
    mayImport: [
      ...['src-main/hosts', 'src-main/core', 'src-main/contract', 'src-main/app-paths', 'worker/protocol'],
      'worker/machine',
    ],
    node: true,
  },
  {
    folder: 'src-main/hosts/loopback',
    mayImport: ['src-main/hosts', 'src-main/core', 'src-main/contract', 'src-main/app-paths', 'worker/protocol'],
    node: true,
  },
  {
    folder: 'src-main',
    mayImport: [
      ...['src-main/core', 'src-main/contract', 'worker/protocol', 'worker/queue', 'worker/node-runner'],
      ...['worker/in-process-worker', 'worker/motion-files', 'worker/biomechanics'],
    ],
    node: true,
  },
  {
    folder: 'src-renderer',
    mayImport: ['src-main/contract', 'worker/protocol', 'worker/biomechanics', 'models'],
    node: false,
  },
];

/**
 * Where each package may be imported. One that is not listed may be imported nowhere: adding it here is part of
 * adding it at all.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const packageHomes = {
  electron: ['src-main/hosts/electron'],
  'onnxruntime-node': ['worker/inference'],
  'ffmpeg-static': ['worker/media'],
  flatbuffers: ['models/blazepose'],
  protobufjs: ['models/blazepose'],
  zod: ['worker', 'src-main', 'models/blazepose'],
  bullmq: ['worker/queue'],
  ioredis: ['worker', 'src-main/core'],
  hono: ['src-main/hosts/loopback', 'src-main/hosts/team-server', 'worker'],
  '@hono/node-server': ['src-main/hosts/loopback', 'src-main/hosts/team-server', 'worker'],
  '@tus/server': ['worker/team'],
  '@tus/file-store': ['worker/team'],
  'tus-js-client': ['worker/storage'],
  'proper-lockfile': ['worker/storage'],
  aws4fetch: ['worker/team'],
  '@peculiar/x509': ['worker/team'],
  'reflect-metadata': ['worker/team'],
  uqr: ['worker/protocol'],
  react: ['src-renderer'],
  'react-dom': ['src-renderer'],
  'react-aria-components': ['src-renderer'],
  'lucide-react': ['src-renderer'],
  uplot: ['src-renderer'],
  three: ['src-renderer'],
  '@react-three/fiber': ['src-renderer'],
  'write-excel-file': ['worker/exports'],
  pdfkit: ['worker/exports'],
  fflate: ['worker/exports'],
  '@expo-google-fonts/inter': ['worker/exports'],
  zustand: ['src-renderer'],
};

/** The folders whose files the table speaks of. */
export const sourceFolders = /** @type {const} */ (['models', 'worker', 'src-main', 'src-renderer']);
