/** What `npm run worker -- …` understands. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { devices } from '../protocol/devices.ts';
import { AppError } from '../protocol/errors.ts';

export const joinUsage = `Usage:
  worker --join LINK        joins a team with its invitation, and works for it until told to end (Ctrl-C, SIGTERM)
  worker                    the same, with the invitation of the last time
  worker --status           what the one that is running does; exit code 1 where none is
Options:
  --workers N               worker processes; by default as many as this machine carries
  --device NAME             ${devices.join(', ')}; by default cpu
  --when-idle               sleeps while somebody uses this machine
  --cache GB                room for what is kept of the team's files and analyses; by default 20
  --data FOLDER             by default ~/.shadow-trainer-worker
In the environment: SHADOW_TRAINER_JOIN (a link, which then shows up in no list of processes), SHADOW_TRAINER_WORKERS,
SHADOW_TRAINER_DEVICE, SHADOW_TRAINER_WHEN_IDLE=1, SHADOW_TRAINER_CACHE, SHADOW_TRAINER_DATA. An option wins.
Exit codes: 0 told to end, 1 fault, 2 no such option or no invitation, 3 the team refuses, 4 other version.`;

const gigabyte = 1e9;
const commandSchema = z.object({
  link: z.string().min(1).optional(),
  isStatus: z.boolean(),
  workers: z.coerce
    .number('--workers is a number from 1 to 64.')
    .int('--workers is a number from 1 to 64.')
    .min(1, '--workers is a number from 1 to 64.')
    .max(64, '--workers is a number from 1 to 64.')
    .optional(),
  device: z.enum(devices, `--device is one of ${devices.join(', ')}.`).default('cpu'),
  whenIdle: z.boolean(),
  cacheBytes: z.coerce
    .number('--cache is a number of gigabytes.')
    .positive('--cache is a number of gigabytes above 0.')
    .default(20)
    .transform((gigabytes) => gigabytes * gigabyte),
  dataDirectory: z.string().min(1),
});
export type JoinCommand = z.infer<typeof commandSchema>;

/** Undefined where the usage is asked for. Throws AppError INVALID_INPUT. */
export function parseJoinCommand(args: readonly string[], environment: NodeJS.ProcessEnv): JoinCommand | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  // An empty variable is how many tools write one that is not set.
  const given = (name: string): string | undefined => environment[`SHADOW_TRAINER_${name}`] || undefined;
  const parsed = commandSchema.safeParse({
    link: values.join ?? given('JOIN'),
    isStatus: values.status ?? false,
    workers: values.workers ?? given('WORKERS'),
    device: values.device ?? given('DEVICE'),
    whenIdle: values['when-idle'] ?? given('WHEN_IDLE') === '1',
    cacheBytes: values.cache ?? given('CACHE'),
    dataDirectory: resolve(values.data ?? given('DATA') ?? join(homedir(), '.shadow-trainer-worker')),
  });
  if (parsed.success) return parsed.data;
  throw new AppError('INVALID_INPUT', `${parsed.error.issues.map(({ message }) => message).join('\n')}\n${joinUsage}`);
}

function parse(args: readonly string[]) {
  const string = { type: 'string' } as const;
  const boolean = { type: 'boolean' } as const;
  const options = {
    ...{ join: string, workers: string, device: string, cache: string, data: string },
    ...{ status: boolean, 'when-idle': boolean, help: boolean },
  };
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('INVALID_INPUT', `${reason}\n${joinUsage}`, { cause });
  }
}
