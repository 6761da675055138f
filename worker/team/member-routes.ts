/** Inviting and removing members, for operators over HTTPS and for the terminal over the server's own socket. */
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { AppError, type Failure, toFailure } from '../protocol/errors.ts';
import { invitationAsSvg } from '../protocol/invitation-code.ts';
import { memberNameSchema, teamNameSchema, teamRoles } from '../protocol/team.ts';
import type { TeamMembers } from './team-members.ts';

export const invitationRequestSchema = z.strictObject({
  name: memberNameSchema,
  role: z.enum(teamRoles),
  team: teamNameSchema.optional(),
  expiresInSeconds: z
    .number()
    .positive()
    .max(10 * 365 * 24 * 3600)
    .optional(),
});

const mostBodyBytes = 64 * 1024;

/** `teamOf`: the team that the request may speak of; undefined where it may speak of any. */
export function createMemberRoutes(members: TeamMembers, teamOf: (request: Request) => string | undefined): Hono {
  const routes = new Hono();
  routes.get('/', (context) => context.json({ members: members.list(teamOf(context.req.raw)) }));
  routes.post('/', bodyLimit({ maxSize: mostBodyBytes }), async (context) => {
    const parsed = invitationRequestSchema.safeParse(await context.req.json().catch(() => undefined));
    const team = teamOf(context.req.raw);
    if (!parsed.success) return context.json(invalid(z.prettifyError(parsed.error)), 400);
    if (team !== undefined && (parsed.data.team ?? team) !== team) {
      return context.json(invalid('An operator invites into the own team only.'), 403);
    }
    try {
      const { expiresInSeconds, ...rest } = parsed.data;
      const wish = { ...rest, team: team ?? rest.team };
      const invited = await members.invite({
        name: wish.name,
        role: wish.role,
        ...(wish.team !== undefined && { team: wish.team }),
        ...(expiresInSeconds !== undefined && { expiresInSeconds }),
      });
      return context.json({ ...invited, code: invitationAsSvg(invited.link) }, 201);
    } catch (error) {
      return context.json(toFailure(error), error instanceof AppError ? 409 : 500);
    }
  });
  routes.delete('/:name', async (context) => {
    const team = teamOf(context.req.raw) ?? context.req.query('team');
    const isGone = await members.revoke(context.req.param('name'), team);
    if (isGone) return context.json({ revoked: true });
    const failure: Failure = { code: 'NOT_FOUND', message: 'There is no member of that name.' };
    return context.json(failure, 404);
  });
  return routes;
}

function invalid(message: string): Failure {
  return { code: 'INVALID_INPUT', message };
}
