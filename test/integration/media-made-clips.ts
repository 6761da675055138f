/** Clips that the media tests make themselves, and the real ones where they are present. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { findFfmpeg } from '../../worker/media/find-ffmpeg.ts';
import type { ClipIndex, DecodeRequest, MediaPort } from '../../worker/pipeline/ports.ts';

export const clipsFolder = process.env['SHADOW_TRAINER_CLIPS'] ?? resolve(import.meta.dirname, '../../../shared/clips');
export const hasRealClips = existsSync(join(clipsFolder, 'odd'));
export const noRealClips = `no clips in ${clipsFolder}`;
export const limits = { maximumSeconds: 600, minimumPixels: 64 };
export const neverAborted = new AbortController().signal;

/** Paths of the films in the given folders of the real clips; none where they are absent. */
export function realClips(...folders: string[]): string[] {
  if (!hasRealClips) return [];
  return folders.flatMap((folder) =>
    readdirSync(join(clipsFolder, folder))
      .filter((name) => /\.(mp4|mov|webm|mkv|avi|mp3|swf)$/.test(name))
      .map((name) => join(clipsFolder, folder, name)),
  );
}

export interface MadeClips {
  readonly folder: string;
  /** Runs ffmpeg in the folder and returns the path of the file it made. */
  make(name: string, ...args: string[]): string;
  remove(): void;
}

export function madeClips(): MadeClips {
  const folder = mkdtempSync(join(tmpdir(), 'shadow-trainer-clips-'));
  return {
    folder,
    make(name, ...args) {
      execFileSync(findFfmpeg(), ['-v', 'error', '-nostdin', '-y', ...args, name], { cwd: folder });
      return join(folder, name);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A moving, numbered test picture. */
export function testPicture(options: { seconds: number; size?: string; rate?: number }): string[] {
  const { seconds, size = '320x180', rate = 30 } = options;
  return ['-f', 'lavfi', '-i', `testsrc2=s=${size}:d=${seconds}:r=${rate}`];
}

/** Index and md5 of each frame of a request. */
export async function frameHashes(media: MediaPort, request: DecodeRequest): Promise<[number, string][]> {
  const hashes: [number, string][] = [];
  for await (const { index, image } of media.decode(request, neverAborted)) {
    hashes.push([index, createHash('md5').update(image.data).digest('hex')]);
  }
  return hashes;
}

export const indexOf = (media: MediaPort, path: string): Promise<ClipIndex> =>
  media.index(path, limits, () => undefined, neverAborted);

export const nameOf = (path: string) => basename(path);
