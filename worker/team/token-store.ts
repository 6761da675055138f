/** Who may come in: tokens of 256 random bits, kept as hashes, with whom and until when they are good for. */
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '../protocol/errors.ts';
import { memberNameSchema, type TeamRole, teamNameSchema, teamRoles, teamTokenSchema } from '../protocol/team.ts';
import { replaceFile } from '../storage/place-file.ts';
import { isMissingFile } from '../storage/storage-error.ts';

const memberSchema = z.object({
  id: z.string().regex(/^[0-9a-f]{12}$/),
  team: teamNameSchema,
  name: memberNameSchema,
  role: z.enum(teamRoles),
  /** SHA-256 of the token, hex. It is random enough for that: nobody can guess it, however fast the hash. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** Milliseconds since 1970. */
  createdAt: z.number(),
  expiresAt: z.number().optional(),
  lastUsedAt: z.number().optional(),
});
export type Member = Readonly<z.infer<typeof memberSchema>>;

const fileSchema = z.object({
  format: z.literal('shadow-trainer/team-members'),
  formatVersion: z.literal(1),
  members: z.array(memberSchema),
});

export interface NewMember {
  readonly team: string;
  readonly name: string;
  readonly role: TeamRole;
  readonly expiresAt?: number | undefined;
}

export interface TokenStore {
  /** The token is told once, here; it cannot be read again. Throws AppError INVALID_INPUT where the name is taken. */
  issue(member: NewMember): Promise<{ readonly member: Member; readonly token: string }>;
  /** Those of the team, or all; also the expired ones. */
  list(team?: string): readonly Member[];
  /** Undefined where there is none of that name. */
  revoke(team: string, name: string): Promise<Member | undefined>;
  /** Whose token it is; undefined for one that is unknown or has expired. Notes that it was used. */
  find(token: string): Member | undefined;
  isValid(member: Member): boolean;
  /** Writes down when tokens were last used. */
  flush(): Promise<void>;
}

/** Throws AppError CONFIGURATION_INVALID where the file cannot be understood: nobody is let in by guess. */
export async function openTokenStore(path: string, now = Date.now): Promise<TokenStore> {
  let members: readonly Member[] = await readMembers(path);
  let isDirty = false;
  let last: Promise<void> = Promise.resolve();
  const write = async (): Promise<void> => {
    isDirty = false;
    const value: z.infer<typeof fileSchema> = {
      format: 'shadow-trainer/team-members',
      formatVersion: 1,
      members: [...members],
    };
    const bytes = new TextEncoder().encode(JSON.stringify(value, undefined, 2));
    const writing = last.then(() => replaceFile(path, bytes));
    last = writing.catch(() => undefined);
    await writing;
  };
  const isValid = (member: Member): boolean =>
    members.some(({ id }) => id === member.id) && (member.expiresAt ?? Number.POSITIVE_INFINITY) > now();

  return {
    isValid,
    async issue({ team, name, role, expiresAt }) {
      if (members.some((member) => member.team === team && member.name === name)) {
        throw new AppError(
          'INVALID_INPUT',
          `There is a member called ${name} already. Revoke it first, or choose another name.`,
        );
      }
      const id = randomBytes(6).toString('hex');
      const token = `${id}.${randomBytes(32).toString('base64url')}`;
      const member = memberSchema.parse({
        ...{ id, team, name, role, hash: hashOf(token), createdAt: now() },
        ...(expiresAt !== undefined && { expiresAt }),
      });
      const before = members;
      members = [...members, member];
      // Nothing is promised that is not on the disk.
      await write().catch((error: unknown) => {
        members = before;
        throw error;
      });
      return { member, token };
    },
    list: (team) => members.filter((member) => team === undefined || member.team === team),
    async revoke(team, name) {
      const gone = members.find((member) => member.team === team && member.name === name);
      if (gone === undefined) return undefined;
      members = members.filter((member) => member !== gone);
      await write();
      return gone;
    },
    find(token) {
      if (!teamTokenSchema.safeParse(token).success) return undefined;
      const hash = hashOf(token);
      const found = members.find((member) => member.hash === hash);
      if (found === undefined || !isValid(found)) return undefined;
      const used: Member = { ...found, lastUsedAt: now() };
      members = members.map((member) => (member === found ? used : member));
      isDirty = true;
      return used;
    },
    async flush() {
      if (isDirty) await write();
      await last;
    },
  };
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

async function readMembers(path: string): Promise<readonly Member[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isMissingFile(error)) return [];
    throw error;
  }
  try {
    return fileSchema.parse(JSON.parse(text)).members;
  } catch (cause) {
    throw new AppError('CONFIGURATION_INVALID', `The list of members in ${path} cannot be understood.`, { cause });
  }
}
