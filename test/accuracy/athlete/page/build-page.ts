import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** The page's script as one self-contained text. */
export async function buildPage(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      target: 'es2023',
      lib: { entry: fileURLToPath(new URL('./stage.ts', import.meta.url)), formats: ['iife'], name: 'stage' },
    },
  });
  for (const result of Array.isArray(built) ? built : [built]) {
    if (!('output' in result)) continue;
    for (const file of result.output) if (file.type === 'chunk') return file.code;
  }
  throw new Error('The page was built into nothing');
}
