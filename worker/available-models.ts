import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { type ModelId, modelIds, poseModels } from '../models/registry.ts';

/** Models whose weights lie in the folder, by the sha256 that their landmark networks must have. */
export async function availableModels(weightsDirectory: string): Promise<Partial<Record<ModelId, string>>> {
  const found: Partial<Record<ModelId, string>> = {};
  for (const id of modelIds) {
    const { detector, landmarks } = poseModels[id];
    const files = [detector, landmarks].map(({ file }) => access(join(weightsDirectory, file)));
    const isThere = await Promise.all(files).then(
      () => true,
      () => false,
    );
    if (isThere) found[id] = landmarks.sha256;
  }
  return found;
}
