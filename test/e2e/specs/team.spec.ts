/** The team: joined by an invitation, turned on, a clip analysed by another machine, turned off; its monitor beside. */
import { basename, join } from 'node:path';
import { expect } from '@playwright/test';
import { projectRoot } from '../../../scripts/project-root.mjs';
import { test as base } from '../fixtures/app-test.ts';
import { makeBrokenClip, makeLongClip, sampleName, samplePath } from '../fixtures/clips.ts';
import { dropFiles } from '../fixtures/drop-files.ts';
import { startTeamBench, type TeamBench } from '../fixtures/team-bench.ts';
import { LibraryPage } from '../page-objects/library-page.ts';
import { QueuePage } from '../page-objects/queue-page.ts';
import { SettingsDialog } from '../page-objects/settings-dialog.ts';
import { TeamPanel } from '../page-objects/team-panel.ts';

const clipName = 'twice.mp4';

const test = base.extend<{ team: TeamBench }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from its first parameter.
  team: async ({}, use) => {
    const bench = await startTeamBench();
    await use(bench);
    await bench.close();
  },
});

test('a clip is analysed by a machine of the team; the monitor shows it to an operator and to a viewer', async ({
  app,
  team,
  host,
  dataDirectory,
}) => {
  const { page } = app;
  const picture = (of: typeof page, name: string) =>
    of.screenshot({ path: join(projectRoot, 'test-results', 'screens', host, `${name}.png`), animations: 'disabled' });
  await team.startWorker('rig');
  const panel = new TeamPanel(page);
  const library = new LibraryPage(page);
  const queue = new QueuePage(page);

  await panel.open();
  const invitation = await team.invite('Olivia', 'operator');
  await panel.join(invitation.slice(0, -1));
  await expect(panel.problem).toContainText('must be whole');
  await picture(page, 'team-join');
  await panel.join(invitation);
  await expect(panel.dialog).toContainText('The switch is off.');
  await panel.close();

  await panel.turn();
  await expect(panel.state).toHaveText('Team aces');
  await panel.open();
  const rig = panel.machines.filter({ hasNotText: 'this computer' });
  await expect(rig).toContainText(/\d+ poses\/s/);
  await expect(rig).toContainText('Models: Lite');
  await panel.close();

  // Long enough to be seen at work on a fast machine, too.
  await dropFiles(page, [await makeLongClip(dataDirectory, clipName, 2)]);
  await queue.open();
  await expect(queue.job(clipName, 'analyse-clip')).toContainText('team');
  await panel.open();
  await expect(rig).toContainText(/Working|Analysis of twice\.mp4|part \d/);
  await picture(page, 'team-working');
  await panel.close();
  await expect(queue.state(clipName, 'analyse-clip')).toHaveText('Done', { timeout: 120_000 });
  await expect(library.state(clipName)).toHaveText('Ready', { timeout: 60_000 });
  const { jobs } = await app.call('jobs.list', {});
  const analysis = jobs.find(({ kind }) => kind === 'analyse-clip');
  const [{ details }, { status }] = await Promise.all([
    app.call('jobs.details', { jobId: analysis?.id ?? '' }),
    app.call('team.status', {}),
  ]);
  expect(status.isSharing).toBe(false);
  expect(details.workers).toHaveLength(1);

  const viewer = await team.openMonitor();
  await expect(viewer.page.locator('script')).toHaveCount(0);
  await picture(viewer.page, 'monitor-sign-in');
  await viewer.signIn('nonsense');
  await expect(viewer.problem).toContainText('does not know this token');
  await viewer.signIn(await team.invite('Vic', 'viewer'));
  await expect(viewer.header).toContainText('Vic, looks on');
  await expect(viewer.queue.state(clipName, 'analyse-clip')).toHaveText('Done');
  await expect(viewer.queue.workers).toContainText('poses/s');
  for (const name of ['Pause queue', 'Discard', 'Pause worker', 'Restart worker', 'Drain worker', 'Close queue'])
    await expect(viewer.page.getByRole('button', { name })).toHaveCount(0);
  await viewer.queue.select(clipName, 'analyse-clip');
  await expect(viewer.queue.log).toContainText('Done');

  const operator = await team.openMonitor(await team.monitorLink('Olivia'));
  await operator.signIn();
  await expect(operator.header).toContainText('Olivia, operator');
  await operator.page.getByRole('button', { name: 'History' }).click();
  await expect(operator.history.getByRole('figure', { name: /^Throughput/ })).toBeVisible();
  await operator.queue.region.getByRole('button', { name: 'Pause queue' }).click();
  const paused = viewer.queue.region.getByRole('status', { name: 'Queue state' });
  await expect(paused).toBeVisible();
  // The coach's own window says whose queue it is that does not go on.
  await expect(queue.region.getByRole('status', { name: 'Queue state' })).toBeVisible();
  await expect(queue.region.getByText('Team aces', { exact: true })).toBeVisible();
  await expect(queue.region.getByRole('list', { name: 'Workers of team aces' })).toContainText('poses/s');
  const broken = await Promise.all(['first.mp4', 'second.mp4'].map((name) => makeBrokenClip(dataDirectory, name)));
  for (const path of [...broken, samplePath]) {
    await dropFiles(page, [path]);
    await expect(operator.queue.state(basename(path), 'analyse-clip')).toHaveText('Waiting');
    for (const name of ['Do next', 'Cancel'])
      await expect(viewer.queue.job(basename(path), 'analyse-clip').getByRole('button', { name })).toHaveCount(0);
  }
  await picture(page, 'team-queue');
  await operator.queue.action(sampleName, 'analyse-clip', 'Cancel').click();
  await expect(queue.state(sampleName, 'analyse-clip')).toHaveText('Cancelled');
  await operator.queue.action('second.mp4', 'analyse-clip', 'Do next').click();
  await operator.queue.tellWorker('Pause worker');
  await expect(viewer.queue.workers).toContainText('Paused');
  for (const theme of ['dark', 'light'] as const) {
    await operator.page.emulateMedia({ colorScheme: theme });
    await picture(operator.page, `monitor-${theme}`);
  }
  await operator.queue.tellWorker('Resume worker');
  await operator.queue.region.getByRole('button', { name: 'Resume queue' }).click();
  await expect(paused).toBeHidden();
  const begun = async (name: string) => {
    const { jobs: all } = await app.call('jobs.list', {});
    return all.find((job) => job.clipName === name && job.kind === 'analyse-clip')?.startedAt ?? '';
  };
  for (const name of ['first.mp4', 'second.mp4'])
    await expect(queue.state(name, 'analyse-clip')).toHaveText(/cannot be read as a video/);
  expect((await begun('second.mp4')) < (await begun('first.mp4'))).toBe(true);

  await viewer.queue.show('Failed');
  await expect(viewer.queue.region.getByRole('button', { name: /try all again/i })).toHaveCount(0);
  await operator.queue.show('Failed');
  await operator.queue.select('first.mp4', 'analyse-clip');
  await operator.queue.action('first.mp4', 'analyse-clip', 'Try again').click();
  await expect(operator.queue.log.getByText('Tried again')).toBeVisible();
  await expect(operator.queue.state('first.mp4', 'analyse-clip')).toHaveText(/cannot be read as a video/);
  await operator.queue.region.getByRole('button', { name: 'Discard all' }).click();
  await expect(viewer.queue.region).toContainText('Nothing has failed.');
  for (const each of [operator, viewer]) await each.queue.show('All');

  // A new process has done nothing yet; one that was drained takes nothing until it is resumed.
  await operator.queue.tellWorker('Restart worker');
  await expect(viewer.queue.workers).toContainText(/Idle.*\D0\s*done/);
  await operator.queue.tellWorker('Drain worker');
  await expect(viewer.queue.workers).toContainText('Paused');
  await operator.queue.tellWorker('Resume worker');
  await expect(viewer.queue.workers).toContainText('Idle');
  await operator.queue.action(sampleName, 'analyse-clip', 'Discard').click();
  await operator.queue.action(clipName, 'analyse-clip', 'Discard').click();
  await expect(viewer.queue.region).toContainText('Nothing to do.');
  await operator.signOut();

  await panel.turn();
  await expect(panel.state).toHaveText('This computer');
  await library.open(clipName);
  await expect(page.getByRole('region', { name: 'Stage' })).toBeVisible();
});

test('the switch says what is true while the server is away, asks about waiting jobs, and an operator invites', async ({
  app,
  team,
  host,
}) => {
  const { page } = app;
  const panel = new TeamPanel(page);
  const queue = new QueuePage(page);
  const settings = new SettingsDialog(page);
  const picture = (name: string) =>
    page.screenshot({
      path: join(projectRoot, 'test-results', 'screens', host, `${name}.png`),
      animations: 'disabled',
    });
  await panel.open();
  await panel.join(await team.invite('Olivia', 'operator'));

  const dialog = panel.dialog;
  await expect(panel.members).toHaveCount(1);
  await dialog.getByRole('textbox', { name: 'Name of whoever is invited' }).fill('Ben');
  await panel.choose('Viewer', 'Role');
  await panel.choose('30 days', 'Expires after');
  await dialog.getByRole('button', { name: 'Make an invitation' }).click();
  await expect(dialog.getByRole('img', { name: 'Invitation for Ben as a code to photograph' })).toBeVisible();
  await expect(dialog.getByText(/^shadow-trainer:\/\/join\//)).toBeVisible();
  await expect(panel.members).toHaveCount(2);
  await picture('team-invited');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await dialog.getByRole('button', { name: 'Remove Ben', exact: true }).click();
  await dialog.getByRole('button', { name: 'Remove Ben now' }).click();
  await expect(panel.members).toHaveCount(1);
  await panel.close();

  // Jobs wait on this computer: they are asked about.
  await app.call('queue.pause', {});
  await dropFiles(page, [samplePath]);
  await queue.open();
  await expect(queue.state(sampleName, 'analyse-clip')).toHaveText('Waiting');
  await panel.turn();
  await expect(panel.question).toContainText('wait in the queue');
  await picture('team-question');
  await panel.question.getByRole('button', { name: 'Do not switch' }).click();
  await expect(panel.state).toHaveText('This computer');
  await panel.turn();
  await panel.question.getByRole('button', { name: /^Take/ }).click();
  await expect(panel.state).toHaveText('Team aces');
  await expect(queue.job(sampleName, 'analyse-clip')).toContainText('team');

  await team.stopServer();
  await expect(panel.state).toHaveText('Reconnecting to aces');
  await panel.open();
  await expect(dialog).toContainText('The team server does not answer');
  for (const theme of ['Dark', 'Light'] as const) {
    await panel.close();
    await settings.open();
    await settings.chooseTheme(theme);
    await settings.close();
    await panel.open();
    await picture(`team-away-${theme.toLowerCase()}`);
  }
  await panel.choose('Run here', 'When the team server cannot be reached');
  await expect(dialog).toContainText('New jobs are done on this computer meanwhile');
  await team.startServer();
  await expect(panel.state).toHaveText('Team aces');
  await dialog.getByRole('button', { name: 'Leave the team' }).click();
  await dialog
    .getByRole('region', { name: 'Leave' })
    .getByRole('button', { name: /take the jobs along|^Leave$/ })
    .click();
  await expect(dialog.getByLabel('Invitation')).toBeVisible();
});
