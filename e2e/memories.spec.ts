import { expect, test } from './fixture.ts';

test('every kind of memory has its place, and says what fills it', async ({ page, signedIn }) => {
  await page.goto(`${signedIn.url}/memories`);
  await expect(page.getByRole('heading', { name: 'Memories' })).toBeVisible();
  await expect(page.getByText('No facts yet')).toBeVisible();
  const tabs = { Episodes: 'No episodes yet', Procedures: 'No procedures yet', People: 'No people yet' };
  for (const [name, empty] of Object.entries(tabs)) {
    await page.getByRole('tab', { name }).click();
    await expect(page.getByText(empty)).toBeVisible();
  }
  // By keyboard, and back again by the browser's history.
  await page.getByRole('tab', { name: 'People' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByText('No states yet')).toBeVisible();
  await expect(page).toHaveURL(/kind=checkpoints/);
  await page.goBack();
  await expect(page.getByText('No people yet')).toBeVisible();
});

test('a search that finds nothing can be taken back', async ({ page, signedIn }) => {
  await page.goto(`${signedIn.url}/memories?kind=episodes&q=nothing&agent=nobody`);
  await expect(page.getByText('Nothing matches')).toBeVisible();
  await page.getByRole('button', { name: 'Clear search and filters' }).click();
  await expect(page.getByText('No episodes yet')).toBeVisible();
  await expect(page).toHaveURL(/memories\?kind=episodes$/);
});
