/** Entry of the team server: see `teamUsage`. */
import { fileURLToPath } from 'node:url';
import { toFailure } from './protocol/errors.ts';
import { runTeamServer } from './team/run-team-server.ts';
import { createServerLog } from './team/server-log.ts';
import { readTeamConfiguration } from './team/team-configuration.ts';
import { parseTeamCommand, runTeamCommand } from './team/team-terminal.ts';

// Keys, hashes and clips are nobody else's on this machine; redis-server inherits it.
process.umask(0o077);
try {
  const command = parseTeamCommand(process.argv.slice(2));
  const configuration = await readTeamConfiguration({ file: command.config, environment: process.env });
  if (command.command === 'serve') {
    const server = await runTeamServer({
      configuration,
      guardScript: fileURLToPath(new URL('./redis-guard.js', import.meta.url)),
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
