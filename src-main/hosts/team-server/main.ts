/** Entry of the team server, with the monitor in it. */
import { runTeamProgram } from '../../../worker/team-server.ts';
import { appPaths, appVersion } from '../../app-paths.ts';
import { openMonitor } from './monitor.ts';

await runTeamProgram({
  args: process.argv.slice(2),
  guardScript: appPaths.redisGuardScript,
  openMonitor: (parts) =>
    openMonitor({ ...parts, rendererDirectory: appPaths.rendererDirectory, version: appVersion() }),
});
