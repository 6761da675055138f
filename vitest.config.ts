import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/** Endings of a test file; `.tsx` for what renders. */
const tests = '*.test.{ts,tsx}';

/** Files that keep all cores busy by themselves: films, models, Chromium, or processes dying by the dozen. */
const hungry = ['media', 'model', 'pipeline', 'pose', 'real-clips', 'cli', 'chaos'].map(
  (name) => `test/integration/${name}*.test.ts`,
);

/** Real ffmpeg, Redis, models and Chromium take their time. */
const real = { testTimeout: 180_000, hookTimeout: 180_000 };

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [react()],
        test: {
          name: 'unit',
          include: [`test/unit/**/${tests}`, `test/contract/**/${tests}`],
          sequence: { groupOrder: 0 },
        },
      },
      {
        plugins: [react()],
        test: {
          ...real,
          name: 'integration',
          include: [`test/integration/**/${tests}`],
          exclude: hungry,
          // Much of their time is spent waiting for queues, outages and time limits.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        plugins: [react()],
        test: {
          ...real,
          name: 'computing',
          include: [...hungry, `test/accuracy/**/${tests}`],
          // One file at a time, so that none is starved.
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
