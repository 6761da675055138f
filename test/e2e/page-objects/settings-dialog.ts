import type { Locator, Page } from '@playwright/test';

export type ThemeChoice = 'System' | 'Dark' | 'Light';
export type QualityChoice = 'Fast' | 'Standard' | 'Best';

export class SettingsDialog {
  readonly page: Page;
  constructor(page: Page) {
    this.page = page;
  }

  get dialog(): Locator {
    return this.page.getByRole('dialog', { name: 'Settings' });
  }

  get workers(): Locator {
    return this.dialog.getByRole('list', { name: 'Workers' });
  }

  async open(): Promise<void> {
    await this.page.getByRole('button', { name: 'Settings' }).click();
    await this.dialog.waitFor();
  }

  async close(): Promise<void> {
    await this.dialog.getByRole('button', { name: 'Close' }).click();
    await this.dialog.waitFor({ state: 'hidden' });
  }

  async chooseTheme(theme: ThemeChoice): Promise<void> {
    await this.dialog.getByRole('radiogroup', { name: 'Theme' }).getByText(theme, { exact: true }).click();
  }

  get quality(): Locator {
    return this.dialog.getByRole('radiogroup', { name: 'Quality' });
  }

  async chooseQuality(quality: QualityChoice): Promise<void> {
    await this.quality.getByText(quality, { exact: true }).click();
  }
}
