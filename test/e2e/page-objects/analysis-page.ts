import type { Locator, Page } from '@playwright/test';

export type ExportChoice = 'Overlay video' | 'PDF report' | 'Excel workbook' | 'CSV table' | 'JSON';

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

  /** `data-frame` is the frame that was drawn, `data-joints-drawn` how many joints, `data-geometries` what it keeps. */
  get space(): Locator {
    return this.page.getByTestId('space-view');
  }

  async showStage(choice: 'Video' | '3D' | 'Both'): Promise<void> {
    await this.page.getByRole('radiogroup', { name: 'Stage shows' }).getByText(choice, { exact: true }).click();
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

  /** Of the inspector: "Metrics", "Angles", "About". */
  async openTab(name: string): Promise<void> {
    await this.page.getByRole('tab', { name }).click();
  }

  /** Under "About". */
  get quality(): Locator {
    const inspector = this.page.getByRole('complementary', { name: 'Measurements' });
    return inspector.getByRole('term').filter({ hasText: 'Quality' }).locator('xpath=following-sibling::dd');
  }

  /** `data-settled` says whether the intervals are those of the values, `data-repetitions` how many there are. */
  get metrics(): Locator {
    return this.page.locator('.metrics');
  }

  /** "103° ± 4"; `data-value` is the number in full. */
  metric(id: string): Locator {
    return this.page.locator(`[data-metric="${id}"] .metric-number`);
  }

  get flags(): Locator {
    return this.page.locator('[data-event]');
  }

  /** `data-set` where a hand has put it. */
  flag(name: string): Locator {
    return this.page.getByRole('slider', { name, exact: true });
  }

  async flagFrame(name: string): Promise<number> {
    return Number(await this.flag(name).getAttribute('aria-valuenow'));
  }

  /** With the pointer, by so many pixels. */
  async dragFlag(name: string, pixels: number): Promise<void> {
    const box = await this.flag(name).boundingBox();
    if (box === null) throw new Error(`There is no flag ${name}.`);
    const [x, y] = [box.x + 6, box.y + box.height / 2];
    await this.page.mouse.move(x, y);
    await this.page.mouse.down();
    await this.page.mouse.move(x + pixels / 2, y);
    await this.page.mouse.move(x + pixels, y);
    await this.page.mouse.up();
  }

  get brackets(): Locator {
    return this.page.getByRole('button', { name: /^Repetition \d/ });
  }

  /** Chooses from the menu of the repetitions. */
  async repetition(action: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Repetitions' }).click();
    await this.page.getByRole('menuitem', { name: action }).click();
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
    await this.openTab('Angles');
    await this.page.getByRole('radiogroup', { name: 'Landmarks' }).getByText('Raw', { exact: true }).click();
  }
}
