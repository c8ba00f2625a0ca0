import type { Download, Locator, Page } from '@playwright/test';

/** /workflows. */
export class WorkflowListPage {
  readonly #page: Page;
  readonly heading: Locator;
  readonly table: Locator;
  readonly search: Locator;
  readonly create: Locator;
  readonly import: Locator;
  readonly dialog: Locator;
  readonly undo: Locator;
  constructor(page: Page) {
    this.#page = page;
    this.heading = page.getByRole('heading', { name: 'Workflows', level: 1 });
    this.table = page.getByRole('table', { name: 'Workflows' });
    this.search = page.getByRole('searchbox', { name: 'Search workflows' });
    this.create = page.getByRole('button', { name: 'Create workflow' }).first();
    this.import = page.getByRole('button', { name: 'Import' }).first();
    this.dialog = page.getByRole('dialog');
    this.undo = page.getByRole('button', { name: 'Undo' });
  }

  row(name: string): Locator {
    return this.table.getByRole('row').filter({ has: this.#page.getByRole('link', { name, exact: true }) });
  }

  menuOf(name: string): Locator {
    return this.#page.getByRole('button', { name: `Actions for ${name}`, exact: true });
  }

  tick(name: string): Locator {
    return this.#page.getByRole('checkbox', { name: `Select ${name}`, exact: true });
  }

  async choose(name: string, action: string): Promise<void> {
    await this.menuOf(name).click();
    await this.#page.getByRole('menuitem', { name: action, exact: true }).click();
  }

  async export(name: string): Promise<Download> {
    const download = this.#page.waitForEvent('download');
    await this.choose(name, 'Export');
    return await download;
  }

  /** Gives a file to the open import dialog. */
  async offer(name: string, text: string): Promise<void> {
    await this.dialog
      .getByLabel('Workflow file')
      .setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
  }
}
