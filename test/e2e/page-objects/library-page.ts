import type { Locator, Page } from '@playwright/test';

/** The list of clips at the left of the window, with what happens to each. */
export class LibraryPage {
  readonly page: Page;
  constructor(page: Page) {
    this.page = page;
  }

  get list(): Locator {
    return this.page.getByRole('grid', { name: 'Clips' });
  }

  /** The button that opens the file dialog. */
  get addButton(): Locator {
    return this.page.getByRole('button', { name: 'Add clips' });
  }

  /** Offered while the library is empty. */
  get sampleButton(): Locator {
    return this.page.getByRole('button', { name: 'Open the sample clip' });
  }

  get settingsButton(): Locator {
    return this.page.getByRole('button', { name: 'Settings' });
  }

  clip(name: string): Locator {
    return this.list.getByRole('row', { name, exact: true });
  }

  progress(name: string): Locator {
    return this.clip(name).getByRole('progressbar');
  }

  /** "Ready", "Waiting", "Cancelled", or the stage in words. */
  state(name: string): Locator {
    return this.clip(name).getByRole('status', { name: 'State' });
  }

  /** Why a clip was refused or its analysis failed. */
  failure(name: string): Locator {
    return this.clip(name).getByRole('status', { name: 'Problem' });
  }

  /** Opens a clip in the analysis view. */
  async open(name: string): Promise<void> {
    await this.clip(name).click();
  }

  async cancel(name: string): Promise<void> {
    await this.clip(name).getByRole('button', { name: 'Cancel' }).click();
  }

  async retry(name: string): Promise<void> {
    await this.clip(name).getByRole('button', { name: 'Try again' }).click();
  }

  async remove(name: string): Promise<void> {
    await this.clip(name).getByRole('button', { name: 'More' }).click();
    await this.page.getByRole('menuitem', { name: 'Remove from library' }).click();
  }
}
