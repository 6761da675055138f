/** Set-up calls this: `tsx models/blazepose/convert-main.ts`. */
import { resolve } from 'node:path';
import { convertBlazePose } from './convert-blazepose.ts';

const root = resolve(import.meta.dirname, '../..');
try {
  const files = await convertBlazePose({
    packageDirectory: resolve(root, 'node_modules/@mediapipe/pose'),
    outputDirectory: resolve(root, 'models/weights'),
  });
  for (const { file, status } of files) console.log(`${file}: ${status}`);
} catch (error) {
  console.error(`The pose model could not be made: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
