/** What the window of an operator sees of the team's members. */
import { z } from 'zod';
import { failureSchema } from '../../worker/protocol/errors.ts';
import { memberNameSchema, teamRoles } from '../../worker/protocol/team.ts';

/** Times: milliseconds since 1970. */
export const teamMemberSchema = z.object({
  name: z.string(),
  role: z.enum(teamRoles),
  createdAt: z.number(),
  /** Absent where the invitation does not expire. */
  expiresAt: z.number().optional(),
  /** Absent where nobody has come in with it yet. */
  lastUsedAt: z.number().optional(),
});
export type TeamMember = z.infer<typeof teamMemberSchema>;

export const memberInvitationSchema = z.object({
  name: memberNameSchema,
  role: z.enum(teamRoles),
  /** Seconds; absent: it does not expire. */
  expiresInSeconds: z.number().positive().optional(),
});
export type MemberInvitation = z.infer<typeof memberInvitationSchema>;

export const invitedMemberSchema = z.object({
  member: teamMemberSchema,
  /** Carries the token; it is told this once. */
  link: z.string(),
  /** The link as a code to photograph, an SVG. */
  code: z.string(),
  /** Why it is not good for everything yet. */
  problem: failureSchema.optional(),
});
export type InvitedMember = z.infer<typeof invitedMemberSchema>;
