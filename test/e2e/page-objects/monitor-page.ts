import type { Locator, Page } from '@playwright/test';
import { QueuePage } from './queue-page.ts';

/** The team server's page in a browser: signing in, and the queue screen. */
export class MonitorPage {
  readonly page: Page;
  readonly queue: QueuePage;
  constructor(page: Page) {
    this.page = page;
    this.queue = new QueuePage(page);
  }

  get token(): Locator {
    return this.page.getByLabel('Token or invitation');
  }

  get problem(): Locator {
    return this.page.getByRole('alert');
  }

  /** Whose eyes it is seen with, and whether they may act. */
  get header(): Locator {
    return this.page.getByRole('banner').first();
  }

  get history(): Locator {
    return this.queue.region.getByRole('region', { name: 'History' });
  }

  async signIn(token?: string): Promise<void> {
    if (token !== undefined) await this.token.fill(token);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
  }

  async signOut(): Promise<void> {
    await this.page.getByRole('button', { name: 'Sign out' }).click();
    await this.token.waitFor();
  }
}
