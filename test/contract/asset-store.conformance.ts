/** What every asset store must do: run over each implementation. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AssetStore } from '../../worker/pipeline/ports.ts';

export interface AssetStoreUnderTest {
  readonly store: AssetStore;
  /** Changes one byte of what is stored, behind the store's back. */
  damage(sha256: string): Promise<void>;
  close(): Promise<void>;
}

export function testAssetStore(name: string, open: () => Promise<AssetStoreUnderTest>): void {
  describe(`asset store: ${name}`, () => {
    let subject: AssetStoreUnderTest;
    let folder: string;
    beforeEach(async () => {
      subject = await open();
      folder = await mkdtemp(join(tmpdir(), 'shadow-trainer-conformance-'));
    });
    afterEach(async () => {
      await subject.close();
      await rm(folder, { recursive: true, force: true });
    });

    const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
    const absent = { sha256: '0'.repeat(64), mediaType: 'video/mp4', byteLength: 10 };

    it('gives bytes back under their hash', async () => {
      const bytes = new Uint8Array(randomBytes(1000));
      const reference = await subject.store.putBytes(bytes, 'application/x-npy');
      expect(reference).toEqual({ sha256: sha256(bytes), mediaType: 'application/x-npy', byteLength: 1000 });
      expect(new Uint8Array(await subject.store.read(reference))).toEqual(bytes);
    });

    it('stores a file of several blocks, leaves the original, and gives a readable path', async () => {
      const bytes = randomBytes((5 << 20) + 17);
      const path = join(folder, 'clip.mov');
      await writeFile(path, bytes);
      const reference = await subject.store.putFile(path, 'video/quicktime');
      expect(reference).toEqual({
        sha256: sha256(bytes),
        mediaType: 'video/quicktime',
        byteLength: bytes.length,
      });
      expect(sha256(await readFile(await subject.store.localPath(reference)))).toBe(reference.sha256);
      expect(sha256(await readFile(path))).toBe(reference.sha256);
    });

    it('takes the same bytes twice, as a file and as bytes', async () => {
      const bytes = new Uint8Array(randomBytes(3000));
      const path = join(folder, 'same');
      await writeFile(path, bytes);
      const references = [
        await subject.store.putBytes(bytes, 'image/jpeg'),
        await subject.store.putFile(path, 'image/jpeg'),
        await subject.store.putBytes(bytes, 'image/jpeg'),
      ];
      expect(new Set(references.map((reference) => JSON.stringify(reference))).size).toBe(1);
    });

    it('keeps an empty asset', async () => {
      const reference = await subject.store.putBytes(new Uint8Array(), 'text/csv');
      expect(await subject.store.has(reference)).toBe(true);
      expect((await subject.store.read(reference)).length).toBe(0);
    });

    it('says whether it has an asset', async () => {
      const reference = await subject.store.putBytes(new Uint8Array([1, 2, 3]), 'text/plain');
      expect(await subject.store.has(reference)).toBe(true);
      expect(await subject.store.has(absent)).toBe(false);
    });

    it('refuses what is missing with ASSET_MISSING', async () => {
      await expect(subject.store.read(absent)).rejects.toMatchObject({ code: 'ASSET_MISSING' });
      await expect(subject.store.localPath(absent)).rejects.toMatchObject({ code: 'ASSET_MISSING' });
      await expect(subject.store.putFile(join(folder, 'gone.mp4'), 'video/mp4')).rejects.toMatchObject({
        code: 'ASSET_MISSING',
      });
    });

    it('never takes something else for a hash', async () => {
      const crooked = { ...absent, sha256: '../../../../etc/passwd' };
      await expect(subject.store.read(crooked)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    });

    it('never hands out damaged bytes', async () => {
      const reference = await subject.store.putBytes(new Uint8Array(randomBytes(500)), 'text/plain');
      await subject.damage(reference.sha256);
      await expect(subject.store.read(reference)).rejects.toMatchObject({ code: 'ASSET_CORRUPT' });
    });

    it('survives many writers of the same and of other bytes at once', async () => {
      const shared = new Uint8Array(randomBytes(200_000));
      const own = Array.from({ length: 8 }, () => new Uint8Array(randomBytes(50_000)));
      const references = await Promise.all(
        own.flatMap((bytes) => [
          subject.store.putBytes(shared, 'text/plain'),
          subject.store.putBytes(bytes, 'text/plain'),
        ]),
      );
      expect(new Set(references.map((reference) => reference.sha256)).size).toBe(9);
      for (const reference of references) {
        expect(sha256(await subject.store.read(reference))).toBe(reference.sha256);
      }
    });
  });
}
