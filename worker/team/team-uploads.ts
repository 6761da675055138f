/** Where members send files to: every team has its own place, so that an upload is nobody else's business. */
import { readdir } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Failure } from '../protocol/errors.ts';
import { teamPaths } from '../protocol/team.ts';
import { isMissingFile } from '../storage/storage-error.ts';
import { createTeamUploadServer, type TeamUploadServer, type UploadServerOptions } from './team-upload-server.ts';
import type { Member } from './token-store.ts';

export interface TeamUploads {
  /** Answers a request of this member for `teamPaths.uploads`, or for one upload below it. */
  handle(member: Member, request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Deletes unfinished uploads that are too old. */
  removeExpired(): Promise<void>;
}

const uploadPath = new RegExp(`^${teamPaths.uploads}(?:/([0-9a-f]{64}))?$`);
const methodsOfUpload = ['HEAD', 'PATCH', 'DELETE'];

/** `directory`: of unfinished uploads; with assets on the disk, on the same file system as they. */
export function createTeamUploads(options: Omit<UploadServerOptions, 'team'>): TeamUploads {
  const servers = new Map<string, TeamUploadServer>();
  const serverOf = (team: string): TeamUploadServer => {
    const directory = join(options.directory, team);
    const server = servers.get(team) ?? createTeamUploadServer({ ...options, directory, team });
    servers.set(team, server);
    return server;
  };

  return {
    async handle(member, request, response) {
      const { method = '', url = '/' } = request;
      const match = uploadPath.exec(url);
      const id = match?.[1];
      // Ids are hashes: whatever else stands there is a trick, or a mistake.
      if (match === null || !(id === undefined ? method === 'POST' : methodsOfUpload.includes(method))) {
        const { name, team } = member;
        options.log.warn('refused', { reason: 'no such upload', member: name, team, method, path: url.slice(0, 200) });
        const failure: Failure = { code: 'NOT_FOUND', message: 'There is no such upload.' };
        response.writeHead(404, { 'content-type': 'application/json' }).end(JSON.stringify(failure));
        return;
      }
      await serverOf(member.team).handle(member, request, response, id);
    },
    async removeExpired() {
      const teams = await readdir(options.directory).catch((error: unknown) => {
        if (isMissingFile(error)) return [];
        throw error;
      });
      for (const team of teams) await serverOf(team).removeExpired();
    },
  };
}
