import type { Locator, Page } from '@playwright/test';

/** The switch in the title bar, and the panel behind it. */
export class TeamPanel {
  readonly page: Page;
  constructor(page: Page) {
    this.page = page;
  }

  get bar(): Locator {
    return this.page.getByRole('banner').first();
  }

  get toggle(): Locator {
    return this.bar.getByRole('switch', { name: 'Connect to team server' });
  }

  /** "This computer", "Team aces", "Reconnecting to aces". */
  get state(): Locator {
    return this.page.getByRole('status', { name: 'Team state' });
  }

  get dialog(): Locator {
    return this.page.getByRole('dialog', { name: /team/i });
  }

  get machines(): Locator {
    return this.dialog.getByRole('list', { name: 'People and machines' }).getByRole('listitem');
  }

  get members(): Locator {
    return this.dialog.getByRole('list', { name: 'Members' }).getByRole('listitem');
  }

  get problem(): Locator {
    return this.dialog.getByRole('alert');
  }

  /** Asked when jobs wait while the switch is turned. */
  get question(): Locator {
    return this.page.getByRole('alertdialog');
  }

  async open(): Promise<void> {
    await this.bar.getByRole('button', { name: /team/i }).click();
    await this.dialog.waitFor();
  }

  async close(): Promise<void> {
    await this.dialog.getByRole('button', { name: 'Close' }).click();
    await this.dialog.waitFor({ state: 'hidden' });
  }

  async join(invitation: string): Promise<void> {
    await this.dialog.getByLabel('Invitation').fill(invitation);
    await this.dialog.getByRole('button', { name: 'Join', exact: true }).click();
  }

  /** The label is what a hand meets; the switch itself is hidden behind it. */
  async turn(): Promise<void> {
    await this.bar.getByText('Connect to team server').click();
  }

  async choose(choice: string, of: string): Promise<void> {
    await this.dialog.getByRole('radiogroup', { name: of }).getByText(choice, { exact: true }).click();
  }
}
