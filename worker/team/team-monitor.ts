/**
 * What a browser sees of a team's queue, as the team server needs it. Who knows jobs lies in `src-main/core`, which
 * nothing here may import: the entry in `src-main/hosts/team-server` hands it in.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { RedisTarget } from '../connection.ts';
import { memberNameSchema, type StoreFigures, teamNameSchema } from '../protocol/team.ts';
import type { ServerLog } from './server-log.ts';
import type { Member, TokenStore } from './token-store.ts';

export interface MonitorRequest {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  /** Notes whose request it is, so that it is cut off when they are removed. */
  own(member: Member): void;
  /** Writes down, and counts, that it was refused. */
  refused(reason: string, member?: Member): void;
}

export interface TeamMonitor {
  /** Undefined where a request shows no session of a browser and asks for no sign-in page: it is not for the monitor. */
  answer(request: Request, about: MonitorRequest): Promise<Response | undefined>;
  /** An address that lets whoever opens it first look as this member, for a few minutes. */
  createLink(member: Member): MonitorLink;
  /** Figures of a team's queue in Prometheus' text format; empty while the queue cannot be read. */
  metrics(team: string): Promise<string>;
  close(): Promise<void>;
}

/** `expiresAt`: milliseconds since 1970. */
export const monitorLinkSchema = z.object({ url: z.string(), expiresAt: z.number() });
export type MonitorLink = z.infer<typeof monitorLinkSchema>;

export const monitorLinkRequestSchema = z.strictObject({ name: memberNameSchema, team: teamNameSchema.optional() });

export interface TeamMonitorParts {
  /** `https://host:port`, as members reach the team server. */
  readonly address: string;
  /** With the rights of whoever manages every team. */
  readonly redis: RedisTarget;
  readonly tokens: TokenStore;
  readonly figures: (team: string) => Promise<StoreFigures>;
  readonly log: ServerLog;
}

export type OpenTeamMonitor = (parts: TeamMonitorParts) => TeamMonitor;
