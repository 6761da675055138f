import type { Locator, Page } from '@playwright/test';

export type QueueFilter = 'All' | 'Running' | 'Waiting' | 'Failed' | 'Ended';
export type QueueAction = 'Pause' | 'Resume' | 'Cancel' | 'Try again' | 'Discard' | 'Do next';
export type QueueJobKind = 'prepare-playback' | 'analyse-clip' | 'export-analysis';

/** The queue in the place of the picture: jobs, their story, workers, figures. */
export class QueuePage {
  readonly page: Page;
  constructor(page: Page) {
    this.page = page;
  }

  get region(): Locator {
    return this.page.getByRole('region', { name: 'Queue' });
  }

  /** At the foot of the library. */
  get button(): Locator {
    return this.page.getByRole('button', { name: 'Queue', exact: true });
  }

  get list(): Locator {
    return this.region.getByRole('grid', { name: 'Jobs' });
  }

  get rows(): Locator {
    return this.list.getByRole('row');
  }

  job(clipName: string, kind: QueueJobKind): Locator {
    return this.list.getByRole('row', { name: `${clipName} ${kind}`, exact: true });
  }

  /** The stage in words, how it ended, or what went wrong. */
  state(clipName: string, kind: QueueJobKind): Locator {
    return this.job(clipName, kind).getByRole('status', { name: 'State' });
  }

  /** With the number of jobs behind its name: "Failed 2". */
  filter(name: QueueFilter): Locator {
    return this.region.getByRole('radiogroup', { name: 'Show' }).getByText(new RegExp(`^${name}( \\d+)?$`));
  }

  action(clipName: string, kind: QueueJobKind, name: QueueAction): Locator {
    return this.job(clipName, kind).getByRole('button', { name });
  }

  /** Of the only worker there is. */
  tellWorker(name: 'Pause worker' | 'Resume worker' | 'Restart worker' | 'Drain worker'): Promise<void> {
    return this.workers.getByRole('button', { name }).click();
  }

  get workers(): Locator {
    return this.region.getByRole('list', { name: 'Workers' }).getByRole('listitem');
  }

  get drawer(): Locator {
    return this.page.getByRole('complementary', { name: 'Job', exact: true });
  }

  get failure(): Locator {
    return this.drawer.getByRole('region', { name: 'Failure' });
  }

  get log(): Locator {
    return this.drawer.getByRole('list', { name: 'Log' });
  }

  /** Named by what was done, for how long, and how it ended. */
  get bars(): Locator {
    return this.drawer.getByRole('figure', { name: 'Work over time' }).getByRole('img');
  }

  /** The number under a name in the figures. */
  figure(name: string): Locator {
    return this.region
      .getByLabel('Figures')
      .locator('div', { has: this.page.getByText(name, { exact: true }) })
      .locator('dd');
  }

  async open(): Promise<void> {
    await this.button.click();
    await this.region.waitFor();
  }

  async show(name: QueueFilter): Promise<void> {
    await this.filter(name).click();
  }

  async select(clipName: string, kind: QueueJobKind): Promise<void> {
    await this.job(clipName, kind).click();
    await this.drawer.waitFor();
  }
}
