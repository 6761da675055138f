import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type EnvironmentOptions } from 'vite';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Every Node process of the product. */
const nodeEntries = {
  'electron-main': at('src-main/hosts/electron/main.ts'),
  loopback: at('src-main/hosts/loopback/main.ts'),
  cli: at('src-main/cli.ts'),
  measure: at('src-main/measure.ts'),
  worker: at('worker/main.ts'),
  'team-server': at('src-main/hosts/team-server/main.ts'),
  'join-team': at('worker/join-team.ts'),
  'inference-thread': at('worker/inference/inference-thread.ts'),
  'redis-guard': at('worker/redis/guard-main.ts'),
};

/** Packages stay outside the bundle: several carry native code. */
const nodeEnvironment = (
  input: Record<string, string>,
  { format, ending, isFirst }: { format: 'es' | 'cjs'; ending: string; isFirst: boolean },
): EnvironmentOptions => ({
  consumer: 'server',
  resolve: { external: ['electron'] },
  build: {
    outDir: at('dist/node'),
    emptyOutDir: isFirst,
    copyPublicDir: false,
    minify: false,
    sourcemap: true,
    target: 'node20',
    rolldownOptions: {
      input,
      output: { format, entryFileNames: `[name].${ending}`, chunkFileNames: `[name]-[hash].${ending}` },
    },
  },
});

/** One build for the window, the Node processes, and Electron's preload (CommonJS, because it is sandboxed). */
export default defineConfig({
  root: at('src-renderer'),
  base: './',
  plugins: [react()],
  builder: {
    async buildApp(builder) {
      for (const name of ['client', 'node', 'preload']) {
        const environment = builder.environments[name];
        if (environment) await builder.build(environment);
      }
    },
  },
  environments: {
    client: {
      build: {
        outDir: at('dist/renderer'),
        emptyOutDir: true,
        rolldownOptions: {
          input: [at('src-renderer/index.html'), at('src-renderer/monitor.html')],
          // What must come first (see schemas-without-eval.ts) does, however the modules are cut into chunks.
          output: { strictExecutionOrder: true },
        },
      },
    },
    node: nodeEnvironment(nodeEntries, { format: 'es', ending: 'js', isFirst: true }),
    preload: nodeEnvironment(
      { preload: at('src-main/hosts/electron/preload.ts') },
      { format: 'cjs', ending: 'cjs', isFirst: false },
    ),
  },
});
