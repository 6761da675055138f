/** What `npm run team-server -- …` understands. */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { AppError } from '../protocol/errors.ts';
import { invitationForTerminal } from '../protocol/invitation-code.ts';
import { storeFiguresSchema, teamPaths, teamRoles } from '../protocol/team.ts';
import { invitationRequestSchema } from './member-routes.ts';
import { askServerSocket } from './server-socket.ts';
import { monitorLinkRequestSchema, monitorLinkSchema } from './team-monitor.ts';

export const teamUsage = `Usage:
  team-server [--config FILE]                      starts the server
  team-server invite --name NAME --role ROLE [--expires 30d] [--team TEAM]
                                                   ROLE: ${teamRoles.join(', ')}
  team-server members                              who may come in
  team-server revoke NAME [--team TEAM]            takes the invitation back
  team-server monitor NAME [--team TEAM]           a link that shows a browser the monitor as this member
  team-server health                               whether all is well, and how full; exit code 1 where not
Settings are read from the file, then from SHADOW_TRAINER_TEAM_… in the environment. The server must be running for
everything but starting it.`;

export interface TeamCommand {
  readonly config: string | undefined;
  readonly command: z.infer<typeof commandSchema>;
  readonly words: readonly string[];
  readonly options: Readonly<Partial<Record<'name' | 'role' | 'expires' | 'team', string>>>;
}

const commandSchema = z.enum(['serve', 'invite', 'members', 'revoke', 'monitor', 'health', 'help']);

/** Throws AppError INVALID_INPUT. */
export function parseTeamCommand(args: readonly string[]): TeamCommand {
  const string = { type: 'string' } as const;
  const { values, positionals } = parse(args, {
    ...{ config: string, name: string, role: string, expires: string, team: string },
    help: { type: 'boolean', default: false },
  } as const);
  const [first = 'serve', ...words] = positionals;
  const command = commandSchema.safeParse(values.help ? 'help' : first);
  if (!command.success) throw new AppError('INVALID_INPUT', `There is no command "${first}".\n${teamUsage}`);
  const { config, name, role, expires, team } = values;
  const options = Object.fromEntries(
    Object.entries({ name, role, expires, team }).filter(([, value]) => value !== undefined),
  );
  return { config, command: command.data, words, options };
}

function parse<const T extends NonNullable<Parameters<typeof parseArgs>[0]>['options']>(
  args: readonly string[],
  options: T,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('INVALID_INPUT', `${reason}\n${teamUsage}`, { cause });
  }
}

const unitSeconds: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 24 * 3600 };

/** Of `90m`, `12h` or `30d`. Throws AppError INVALID_INPUT. */
export function durationSeconds(text: string): number {
  const [, number, unit = ''] = /^(\d+)([mhd])$/.exec(text) ?? [];
  const seconds = Number(number) * (unitSeconds[unit] ?? 0);
  if (seconds > 0) return seconds;
  throw new AppError('INVALID_INPUT', `"${text}" is no time span: write for example 90m, 12h or 30d.`);
}

const memberView = z.object({
  ...{ name: z.string(), team: z.string(), role: z.string(), createdAt: z.number() },
  ...{ expiresAt: z.number().optional(), lastUsedAt: z.number().optional() },
});
const invitedSchema = z.object({ link: z.string(), problem: z.object({ message: z.string() }).optional() });
const healthSchema = z.object({
  healthy: z.boolean(),
  trouble: z.object({ message: z.string() }).optional(),
  stores: z.array(storeFiguresSchema.extend({ team: z.string() })),
});

/** Runs a command with the server that uses this data folder; resolves to what is printed and the exit code. */
export async function runTeamCommand(
  { command, words, options }: TeamCommand,
  dataDirectory: string,
): Promise<{ readonly text: string; readonly exitCode: number }> {
  const ask = async <S extends z.ZodType>(schema: S, method: string, path: string, body?: unknown) => {
    const answer = await askServerSocket(dataDirectory, { method, path, body });
    if (answer !== undefined) return schema.parse(answer);
    throw new AppError(
      'TEAM_UNREACHABLE',
      `No team server is running with the data folder ${dataDirectory}. Start it first.`,
    );
  };
  const done = (text: string) => ({ text, exitCode: 0 });
  switch (command) {
    case 'invite': {
      const { expires, ...rest } = options;
      const wish = invitationRequestSchema.safeParse({
        ...rest,
        ...(expires !== undefined && { expiresInSeconds: durationSeconds(expires) }),
      });
      if (!wish.success) throw new AppError('INVALID_INPUT', `${z.prettifyError(wish.error)}\n${teamUsage}`);
      const { link, problem } = await ask(invitedSchema, 'POST', teamPaths.members, wish.data);
      const note = problem ? `\nNot everything could be told to Redis yet: ${problem.message}` : '';
      return done(
        `${invitationForTerminal(link)}\n${link}\n\nShow it to nobody else. It cannot be shown again.${note}`,
      );
    }
    case 'members': {
      const { members } = await ask(z.object({ members: z.array(memberView) }), 'GET', teamPaths.members);
      return done(members.length === 0 ? 'Nobody has been invited yet.' : members.map(lineOf).join('\n'));
    }
    case 'revoke': {
      const [name] = words;
      if (name === undefined) throw new AppError('INVALID_INPUT', `Whose invitation?\n${teamUsage}`);
      const query = options.team === undefined ? '' : `?team=${encodeURIComponent(options.team)}`;
      await ask(
        z.object({ revoked: z.literal(true) }),
        'DELETE',
        `${teamPaths.members}/${encodeURIComponent(name)}${query}`,
      );
      return done(`${name} is no longer a member.`);
    }
    case 'monitor': {
      const wish = monitorLinkRequestSchema.safeParse({
        name: words[0],
        ...(options.team !== undefined && { team: options.team }),
      });
      if (!wish.success) throw new AppError('INVALID_INPUT', `Whose monitor?\n${teamUsage}`);
      const { url } = await ask(monitorLinkSchema, 'POST', teamPaths.monitorLinks, wish.data);
      return done(`${url}\n\nFor one browser, within ten minutes.`);
    }
    case 'health': {
      const { healthy, trouble, stores } = await ask(healthSchema, 'GET', teamPaths.health);
      const lines = stores.map(({ team, storedBytes, limitBytes }) => {
        return `Files of ${team}: ${gigabytes(storedBytes)} of ${gigabytes(limitBytes)} GB.`;
      });
      return { text: [trouble?.message ?? 'All is well.', ...lines].join('\n'), exitCode: healthy ? 0 : 1 };
    }
    default:
      return done(teamUsage);
  }
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}

function lineOf(member: z.infer<typeof memberView>): string {
  const day = (at: number | undefined, otherwise: string): string =>
    at === undefined ? otherwise : new Date(at).toISOString().slice(0, 16).replace('T', ' ');
  const { name, team, role, createdAt, expiresAt, lastUsedAt } = member;
  return [
    ...[name, role, team, `since ${day(createdAt, '')}`],
    ...[`until ${day(expiresAt, 'revoked')}`, `last seen ${day(lastUsedAt, 'never')}`],
  ].join('  ');
}
