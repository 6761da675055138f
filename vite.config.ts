import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const nodeEntries = {
  'electron-main': 'src-main/hosts/electron/main.ts',
  loopback: 'src-main/hosts/loopback/main.ts',
  cli: 'src-main/cli.ts',
  worker: 'worker/main.ts',
};

/** One build for every process: the window, the Node entries, and Electron's preload (CommonJS, because it is sandboxed). */
export default defineConfig({
  root: 'src-renderer',
  plugins: [react()],
  base: './',
  builder: {},
  environments: {
    client: { build: { outDir: '../dist/renderer', emptyOutDir: true } },
  },
});
export { nodeEntries };
