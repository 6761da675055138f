/** node scripts/run-tool.mjs test/accuracy/write-norm-motion.ts: writes the norm's mean motion where the product reads it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/project-root.mjs';
import { makeNormMotion, normMotionSource } from './norm-motion.ts';

const path = join(projectRoot, 'worker', 'biomechanics', 'shadow', 'norm-motion-data.ts');
await writeFile(path, normMotionSource(makeNormMotion()));
console.log(path);
