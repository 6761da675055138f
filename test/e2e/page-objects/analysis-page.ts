import type { Locator, Page } from '@playwright/test';

export type ExportChoice = 'Overlay video' | 'CSV table' | 'JSON';

/** The opened clip: picture with skeleton, transport, chart, exports. */
export class AnalysisPage {
  readonly page: Page;
  constructor(page: Page) {
    this.page = page;
  }

  get stage(): Locator {
    return this.page.getByRole('region', { name: 'Stage' });
  }

  get video(): Locator {
    return this.stage.locator('video');
  }

  /** `data-frame` is the frame it was drawn for, `data-points-drawn` how many keypoints. */
  get overlay(): Locator {
    return this.page.getByTestId('skeleton-overlay');
  }

  /** The frame on screen and the last one, counted from 0: "12 / 109". `data-frame` is the number alone. */
  get frameReadout(): Locator {
    return this.page.getByRole('status', { name: 'Frame' });
  }

  get playButton(): Locator {
    return this.page.getByRole('button', { name: 'Play', exact: true });
  }

  get pauseButton(): Locator {
    return this.page.getByRole('button', { name: 'Pause', exact: true });
  }

  /** `aria-valuenow` is the shown frame. */
  get scrubBar(): Locator {
    return this.page.getByRole('slider', { name: 'Position' });
  }

  get chart(): Locator {
    return this.page.getByRole('figure', { name: 'Angles over time' });
  }

  /** `data-frame` is the frame it stands at. */
  get chartCursor(): Locator {
    return this.page.getByTestId('chart-cursor');
  }

  get exportButton(): Locator {
    return this.page.getByRole('button', { name: 'Export', exact: true });
  }

  get quality(): Locator {
    const inspector = this.page.getByRole('complementary', { name: 'Measurements' });
    return inspector.getByRole('term').filter({ hasText: 'Quality' }).locator('xpath=following-sibling::dd');
  }

  /** "3 people seen, following 1". */
  get people(): Locator {
    return this.page.getByRole('status', { name: 'People' });
  }

  /** Index of the shown frame as the overlay has it; undefined before the first frame. */
  async shownFrame(): Promise<number | undefined> {
    const text = await this.overlay.getAttribute('data-frame');
    return text === null || text === '' ? undefined : Number(text);
  }

  async pointsDrawn(): Promise<number> {
    return Number((await this.overlay.getAttribute('data-points-drawn')) ?? 0);
  }

  /** Presses an arrow key as often as needed; `frames` may be negative. */
  async step(frames: number): Promise<void> {
    const key = frames < 0 ? 'ArrowLeft' : 'ArrowRight';
    for (let i = 0; i < Math.abs(frames); i++) await this.page.keyboard.press(key);
  }

  /** Lets the host save the file: in a browser a download begins. */
  async export(choice: ExportChoice): Promise<void> {
    await this.exportButton.click();
    await this.page.getByRole('menuitem', { name: choice }).click();
  }

  async showRaw(): Promise<void> {
    await this.page.getByRole('radiogroup', { name: 'Landmarks' }).getByText('Raw', { exact: true }).click();
  }
}
