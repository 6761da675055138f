import { z } from 'zod';

export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);
/** sha256 of a file's bytes, lower-case hex. */
export type Sha256 = z.infer<typeof sha256Schema>;

export const assetReferenceSchema = z.object({
  sha256: sha256Schema,
  mediaType: z.string(),
  byteLength: z.number().int().nonnegative(),
});
/** A file by its content. Jobs carry these, never paths and never bytes. */
export type AssetReference = z.infer<typeof assetReferenceSchema>;
