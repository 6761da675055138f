/** What a team shares: its keys in Redis, the addresses of its server, who may do what. */
import { z } from 'zod';
import type { Sha256 } from './assets.ts';

/** Becomes part of key names, user names and folders: nothing that any of them could take for something else. */
export const teamNameSchema = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/);

export const memberNameSchema = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^[^\p{C}]+$/u);

/** `coach` a person's app, `worker` a machine that computes, `operator` runs the server, `viewer` looks at the monitor. */
export const teamRoles = ['coach', 'worker', 'operator', 'viewer'] as const;
export type TeamRole = (typeof teamRoles)[number];

export const teamRights = ['queue', 'assets', 'monitor', 'members'] as const;
export type TeamRight = (typeof teamRights)[number];

export const rightsOfRole: Readonly<Record<TeamRole, readonly TeamRight[]>> = {
  coach: ['queue', 'assets', 'monitor'],
  worker: ['queue', 'assets'],
  operator: ['queue', 'assets', 'monitor', 'members'],
  viewer: ['monitor'],
};

/** Of every key and channel of a team. The hash tag keeps them in one slot of a Redis Cluster. */
export function teamKeyPrefix(team: string): string {
  return `{shadow-trainer-${team}}`;
}

/**
 * Set, with the size and media type, before a file is uploaded: the team server takes no file that nobody named here.
 * It must expire within `wantedSeconds`.
 */
export function wantedAssetKey(prefix: string, sha256: Sha256): string {
  return `${prefix}:wanted:${sha256}`;
}
export const wantedSeconds = 7 * 24 * 3600;
export const wantedAssetSchema = z.object({ byteLength: z.number().int().nonnegative(), mediaType: z.string() });

/** Hash: installation to `desktopSchema`, of the apps that are connected. One not heard of for `desktopSeconds` is gone. */
export function desktopsKey(prefix: string): string {
  return `${prefix}:desktops`;
}
export const desktopSeconds = 30;
export const desktopSchema = z.object({
  at: z.number(),
  person: z.string(),
  machine: z.string(),
  version: z.string(),
});

/** `id.secret`: 256 random bits. The id, which is no secret, names the token's Redis user. */
export const teamTokenSchema = z.string().regex(/^[0-9a-f]{12}\.[A-Za-z0-9_-]{43}$/);

export function redisUserName(team: string, tokenId: string): string {
  return `shadow-trainer-${team}-${tokenId}`;
}

/** The Redis user of a token; its password is the token. */
export function redisUserOf(team: string, token: string): string {
  return redisUserName(team, token.slice(0, token.indexOf('.')));
}

/** It never came, or nobody used it for so long that the server let go of it. */
export const assetMissingSentence =
  'The team server does not have this file (any more). Try again: what is missing is sent, or made, once more.';

/** How full the place for a team's files is. */
export const storeFiguresSchema = z.object({
  storedBytes: z.number().nonnegative(),
  limitBytes: z.number().positive(),
});
export type StoreFigures = z.infer<typeof storeFiguresSchema>;

/** Paths on the team server. Uploads follow the tus protocol, version 1.0.0; their id is the file's sha256. */
export const teamPaths = {
  team: '/v1/team',
  uploads: '/v1/uploads',
  assets: '/v1/assets',
  members: '/v1/members',
  /** A one-time address of the monitor, for a browser. */
  monitorLinks: '/v1/monitor-links',
  health: '/v1/health',
  metrics: '/metrics',
} as const;

/** Header of every request and answer: the protocol version of whoever speaks. */
export const protocolHeader = 'shadow-trainer-protocol';
