/** The only channels between preload and main process; each handler parses what comes through. */
export const channels = {
  call: 'shadow-trainer:call',
  event: 'shadow-trainer:event',
  pickFiles: 'shadow-trainer:pick-files',
  acceptPaths: 'shadow-trainer:accept-paths',
  saveAsset: 'shadow-trainer:save-asset',
} as const;

/** Scheme under which the window finds stored files and its own pages. */
export const scheme = 'shadow';
