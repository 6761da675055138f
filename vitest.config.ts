import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/** Endings of a test file; `.tsx` for what renders. */
const tests = '*.test.{ts,tsx}';

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
          name: 'integration',
          include: [`test/integration/**/${tests}`, `test/accuracy/**/${tests}`],
          // Real ffmpeg, Redis, models and Chromium: one file at a time, so that none of them is starved.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
