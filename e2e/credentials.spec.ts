import type { Page } from '@playwright/test';
import { expect, type Installation, test } from './fixture.ts';
import { CredentialPage } from './pages/credential-page.ts';
import { EditorPage } from './pages/editor-page.ts';
import { MODEL_KEY, MODELS } from './target-server.ts';

/** A workflow that asks the target for its models. */
async function addCaller({ rest, target }: Installation, slug: string): Promise<void> {
  await rest.createWorkflow(`Calls ${slug}`, slug);
  const { revision } = await rest.graph(slug);
  const settings = { onError: 'fail', join: 'all' } as const;
  const config = { url: `http://${target.address}/v1/models` };
  await rest.changeGraph(slug, revision, [
    {
      kind: 'add_node',
      node: { id: 'start', type: 'trigger_manual', label: 'Start', x: 0, y: 0, config: {}, settings },
    },
    {
      kind: 'add_node',
      node: { id: 'call', type: 'http_request', label: 'Call', x: 320, y: 0, config, settings },
    },
    {
      kind: 'add_edge',
      edge: {
        id: 1,
        source: 'start',
        sourcePort: 'payload',
        target: 'call',
        targetPort: 'input',
        priority: 0,
      },
    },
  ]);
}

/** The key is neither in the text nor in any attribute or field of the page. */
async function expectNoSecret(page: Page): Promise<void> {
  expect(await page.content()).not.toContain(MODEL_KEY);
  const typed = await page
    .locator('input, textarea')
    .evaluateAll((boxes) =>
      boxes.map((box) =>
        box instanceof HTMLInputElement || box instanceof HTMLTextAreaElement ? box.value : '',
      ),
    );
  expect(typed.join('\n')).not.toContain(MODEL_KEY);
}

test('a key is stored and tested, a node uses it, and nobody sees it again', async ({ page, signedIn }) => {
  test.setTimeout(240_000);
  const screen = new CredentialPage(page);
  await page.goto(`${signedIn.url}/credentials`);

  await test.step('a language model of one’s own is stored', async () => {
    await screen.create.click();
    await screen.form.getByRole('button', { name: /^Language model/ }).click();
    await screen.pick('Provider', 'Other');
    await screen.form.getByRole('button', { name: 'Create credential' }).click();
    await expect(screen.form.getByText('Give the credential a name.')).toBeVisible();
    await expect(screen.form.getByText(/Enter the address of the provider/)).toBeVisible();
    await screen.form.getByLabel('Name', { exact: true }).fill('Local model');
    await screen.form.getByLabel('Address').fill(`http://${signedIn.target.address}/v1`);
    await screen.form.getByLabel(/^API key/).fill(MODEL_KEY);
    await expect(screen.form.getByText(signedIn.target.address, { exact: true })).toBeVisible();
    await screen.form.getByRole('button', { name: 'Create credential' }).click();
    await expect(screen.row('Local model')).toContainText(signedIn.target.address);
    await expectNoSecret(page);
  });

  await test.step('its test and its models', async () => {
    await screen.row('Local model').getByRole('link').click();
    await screen.test.click();
    await expect(page.getByText('“Local model” works')).toBeVisible();
    await expect(page.getByText('Works', { exact: true })).toBeVisible();
    await expect(screen.models).toHaveText([...MODELS].sort());
    await expectNoSecret(page);
  });

  await addCaller(signedIn, 'with-a-key');
  const editor = new EditorPage(page);
  await test.step('a node is given it', async () => {
    await page.goto(`${signedIn.url}/workflows/with-a-key`);
    await editor.fitAll();
    await editor.select('call');
    await editor.inspector.getByRole('combobox', { name: 'Credential' }).click();
    await page.keyboard.type('Local');
    await page.getByRole('option', { name: /Local model/ }).click();
    await expect(editor.inspector.getByText(`Sent only to ${signedIn.target.address}.`)).toBeVisible();
    await expect(editor.saved).toBeVisible();
  });

  await test.step('the run signs its request, and shows nothing of the key', async () => {
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(editor.card('call')).toHaveAttribute('data-state', 'success');
    expect(signedIn.target.seen.at(-1)).toMatchObject({
      path: '/v1/models',
      authorization: `Bearer ${MODEL_KEY}`,
    });
    await editor.inspector.getByRole('tab', { name: 'Data' }).click();
    await expect(editor.inspector.getByRole('button', { name: 'data [2]' }).first()).toBeVisible();
    await expectNoSecret(page);
    const { items } = await signedIn.rest.executions('?workflow_slug=with-a-key');
    const run = await signedIn.rest.execution(items[0]?.execution_id ?? '');
    expect(JSON.stringify(run)).not.toContain(MODEL_KEY);
    await page.goto(`${signedIn.url}/executions/${run.execution_id}`);
    await expect(page.getByText('Call', { exact: true }).first()).toBeVisible();
    await expectNoSecret(page);
    expect(JSON.stringify(await signedIn.rest.credentials())).not.toContain(MODEL_KEY);
  });

  await test.step('deleting it names the workflow that uses it', async () => {
    await page.goto(`${signedIn.url}/credentials`);
    await screen.choose('Local model', 'Delete');
    const question = page.getByRole('alertdialog');
    await expect(question).toContainText('Calls with-a-key');
    await question.getByRole('button', { name: 'Cancel' }).click();
    await expect(screen.row('Local model')).toBeVisible();
  });
});

test('a wrong key is told apart, and replaced without being shown', async ({ page, signedIn }) => {
  const made = await signedIn.rest.createCredential({
    name: 'Mistyped',
    credential_type: 'llm',
    detail: {
      provider_type: 'openai_compatible',
      base_url: `http://${signedIn.target.address}/v1`,
      api_key: 'sk-mistyped-0123456789',
    },
  });
  const screen = new CredentialPage(page);
  await page.goto(`${signedIn.url}/credentials/${made.id}`);
  await screen.test.click();
  await expect(
    page.getByRole('alert').filter({ hasText: 'Authentication failed - invalid API key' }),
  ).toBeVisible();
  await page.getByRole('button', { name: 'Edit' }).click();
  await expect(screen.form.getByText('sk-m****6789')).toBeVisible();
  await screen.form.getByRole('button', { name: 'Replace api key' }).click();
  await screen.form.getByLabel(/^API key/).fill(MODEL_KEY);
  await screen.form.getByRole('button', { name: 'Save' }).click();
  await expect(screen.form).toBeHidden();
  await screen.test.click();
  await expect(page.getByText('“Mistyped” works')).toBeVisible();
  await expectNoSecret(page);
});

test('a credential is made in place, in the settings of a node', async ({ page, signedIn }) => {
  await addCaller(signedIn, 'in-place');
  const screen = new CredentialPage(page);
  const editor = new EditorPage(page);
  await page.goto(`${signedIn.url}/workflows/in-place`);
  await editor.fitAll();
  await editor.select('call');
  await editor.inspector.getByRole('button', { name: 'New credential…' }).click();
  await expect(screen.form.getByRole('button', { name: /^Mail account/ })).toHaveCount(0);
  await screen.form.getByRole('button', { name: /^HTTP/ }).click();
  await screen.form.getByLabel('Name', { exact: true }).fill('Made in place');
  await screen.form.getByLabel('Token', { exact: true }).fill(MODEL_KEY);
  await screen.form.getByRole('button', { name: 'Create credential' }).click();
  await expect(screen.form.getByText(/Name at least one host/)).toBeVisible();
  await screen.form.getByLabel('Hosts').fill(signedIn.target.address);
  await page.keyboard.press('Enter');
  await screen.form.getByRole('button', { name: 'Create credential' }).click();
  await expect(screen.form).toBeHidden();
  await expect(editor.inspector.getByRole('combobox', { name: 'Credential' })).toHaveValue('Made in place');
  await expect(editor.saved).toBeVisible();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(editor.card('call')).toHaveAttribute('data-state', 'success');
  expect(signedIn.target.seen.at(-1)?.authorization).toBe(`Bearer ${MODEL_KEY}`);
  await expectNoSecret(page);
});
