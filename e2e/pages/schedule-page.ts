import type { Locator, Page } from '@playwright/test';

/** /schedules with its form, and /schedules/[id]. */
export class SchedulePage {
  readonly #page: Page;
  readonly table: Locator;
  readonly search: Locator;
  readonly create: Locator;
  readonly form: Locator;
  /** The five times ahead, in the form or beside the history. */
  readonly nextRuns: Locator;
  readonly history: Locator;
  constructor(page: Page) {
    this.#page = page;
    this.table = page.getByRole('table', { name: 'Schedules' });
    this.search = page.getByRole('searchbox', { name: 'Search schedules' });
    this.create = page.getByRole('button', { name: 'Create schedule' }).first();
    this.form = page.getByRole('dialog');
    this.nextRuns = page.getByRole('list', { name: 'Next runs' }).getByRole('listitem');
    this.history = page.getByRole('table', { name: 'History' });
  }

  row(name: string): Locator {
    return this.table.getByRole('row').filter({ has: this.#page.getByRole('link', { name, exact: true }) });
  }

  tick(name: string): Locator {
    return this.#page.getByRole('checkbox', { name: `Select ${name}`, exact: true });
  }

  async choose(name: string, action: string): Promise<void> {
    await this.#page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click();
    await this.#page.getByRole('menuitem', { name: action, exact: true }).click();
  }
}
