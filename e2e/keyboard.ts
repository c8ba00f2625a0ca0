import { expect, type Locator, type Page } from '@playwright/test';

const MOST = 80;

/** Presses Tab (or Shift with it) until `target` has the focus, as a person without a mouse does. */
export async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await expect(target).toBeVisible();
  for (let pressed = 0; pressed < MOST; pressed += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${MOST} presses of ${key} did not lead to ${String(target)}.`);
}

/** Opens the menu of a button and chooses an item, with keys only. */
export async function chooseFromMenu(page: Page, button: Locator, item: string): Promise<void> {
  await tabTo(page, button);
  await page.keyboard.press('Enter');
  const chosen = page.getByRole('menuitem', { name: item });
  await expect(chosen).toBeVisible();
  for (let pressed = 0; pressed < MOST; pressed += 1) {
    if (await chosen.evaluate((element) => element === document.activeElement)) break;
    await page.keyboard.press('ArrowDown');
  }
  await expect(chosen).toBeFocused();
  await page.keyboard.press('Enter');
}
