// Makes this machine ready: node scripts/setup.mjs [--for start|analyze|worker|test|check|bench|package] [--list]
import { parseArgs } from 'node:util';
import { projectRoot } from './project-root.mjs';
import { purposes, runSetup, setupSteps } from './setup/run-setup.mjs';

const { values } = parseArgs({
  options: { for: { type: 'string', default: 'test' }, list: { type: 'boolean', default: false } },
});
const purpose = purposes.find((known) => known === values.for);
if (purpose === undefined) {
  console.error(`--for is one of: ${purposes.join(', ')}`);
  process.exit(1);
}
if (values.list) {
  for (const step of setupSteps) console.log(`${step.name}: ${step.summary} (for ${step.purposes.join(', ')})`);
} else {
  const { ready } = await runSetup({ root: projectRoot, purpose, retry: true });
  process.exitCode = ready ? 0 : 1;
}
