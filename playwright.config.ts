import { defineConfig } from '@playwright/test';
import type { AppOptions } from './test/e2e/fixtures/app-test.ts';

/** One set of specs, two hosts: in Chromium always, in Electron where its binary is installed. */
export default defineConfig<AppOptions>({
  testDir: 'test/e2e/specs',
  outputDir: 'test-results/e2e',
  // Each test runs a whole app with its Redis and workers: one at a time, and patient with slow machines.
  workers: 1,
  fullyParallel: false,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: 'list',
  projects: [
    { name: 'chromium', use: { host: 'loopback' } },
    { name: 'electron', use: { host: 'electron' } },
  ],
});
