/** The team server as a program: see `teamUsage`. Its entry is in `src-main/hosts/team-server`, which knows the monitor. */
import { toFailure } from './protocol/errors.ts';
import { runTeamServer, type TeamServerOptions } from './team/run-team-server.ts';
import { createServerLog } from './team/server-log.ts';
import { readTeamConfiguration } from './team/team-configuration.ts';
import { parseTeamCommand, runTeamCommand } from './team/team-terminal.ts';

export interface TeamProgramOptions extends Pick<TeamServerOptions, 'guardScript' | 'openMonitor'> {
  /** Of the command line. */
  readonly args: readonly string[];
}

/** Serves until the process is told to end, or runs one command. Ends the process where it cannot start. */
export async function runTeamProgram({ args, ...parts }: TeamProgramOptions): Promise<void> {
  // Keys, hashes and clips are nobody else's on this machine; redis-server inherits it.
  process.umask(0o077);
  try {
    const command = parseTeamCommand(args);
    const configuration = await readTeamConfiguration({ file: command.config, environment: process.env });
    if (command.command === 'serve') {
      const server = await runTeamServer({
        ...parts,
        configuration,
        log: createServerLog((line) => console.log(line)),
      });
      let isStopping = false;
      const end = async (): Promise<void> => {
        if (isStopping) return;
        isStopping = true;
        await server.stop();
        process.exit(0);
      };
      process.on('SIGTERM', () => void end());
      process.on('SIGINT', () => void end());
    } else {
      const { text, exitCode } = await runTeamCommand(command, configuration.dataDirectory);
      console.log(text);
      process.exitCode = exitCode;
    }
  } catch (error) {
    console.error(toFailure(error).message);
    process.exit(1);
  }
}
