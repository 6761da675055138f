import { fileURLToPath } from 'node:url';

/** The project's folder, absolute, without a separator at the end. */
export const projectRoot = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');
