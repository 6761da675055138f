/** What the monitor's page must know beside the bridge: where it looks, and as whom. */
import { z } from 'zod';
import { storeFiguresSchema, teamRoles } from '../../worker/protocol/team.ts';

export const monitorPaths = { session: '/session', signOut: '/sign-out' } as const;

export const monitorSessionSchema = z.object({
  team: z.string(),
  /** Of the member who looks. */
  name: z.string(),
  role: z.enum(teamRoles),
  /** Whether jobs, workers and the queue may be told what to do, or only be looked at. */
  mayOperate: z.boolean(),
  /** How full the place for the team's files is; absent while that cannot be read. */
  store: storeFiguresSchema.optional(),
  /** Of the team server. */
  version: z.string(),
});
export type MonitorSession = z.infer<typeof monitorSessionSchema>;
