/** Serves the app to a browser on this machine and prints the address. */
import { toFailure } from '../../../worker/protocol/errors.ts';
import { appPaths } from '../../app-paths.ts';
import { createFileRegistry } from '../file-registry.ts';
import { readHostOptions, startApp } from '../start-app.ts';
import { startLoopbackServer } from './server.ts';

const files = createFileRegistry();
try {
  const app = await startApp('loopback', readHostOptions(process.argv.slice(2)), files);
  const server = await startLoopbackServer({
    app,
    files,
    rendererDirectory: appPaths.rendererDirectory,
    temporaryDirectory: app.temporaryDirectory,
    onLog: (line) => console.error(line),
  });
  console.log(`Shadow Trainer is ready: ${server.url}`);
  let ending = false;
  const end = async (): Promise<void> => {
    if (ending) return;
    ending = true;
    await server.close();
    await app.stop();
    process.exit(0);
  };
  process.on('SIGTERM', () => void end());
  process.on('SIGINT', () => void end());
} catch (error) {
  console.error(toFailure(error).message);
  process.exit(1);
}
