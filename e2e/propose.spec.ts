import { expect, test } from './chat-fixture.ts';
import { EditorPage } from './pages/editor-page.ts';

const FIRST = {
  summary: 'An agent answers what the webhook brings.',
  commands: [
    { do: 'add_node', id: 'hook', type: 'trigger_webhook', title: 'Question' },
    {
      do: 'add_node',
      id: 'words',
      type: 'set',
      title: 'Words',
      config: { mode: 'json', json: '{{ trigger.body }}' },
    },
    { do: 'add_node', id: 'helper', type: 'agent', title: 'Helper', config: { system_prompt: 'Help.' } },
    { do: 'add_node', id: 'llm', type: 'ai_model', title: 'Brain' },
    { do: 'add_edge', from: 'hook.body', to: 'words.input' },
    { do: 'add_edge', from: 'words.output', to: 'helper.messages' },
    { do: 'add_edge', from: 'llm.model', to: 'helper.model' },
  ],
};
const SECOND = {
  summary: 'The helper can do sums and has another name.',
  commands: [
    { do: 'add_node', id: 'sums', type: 'calculator', title: 'Sums' },
    { do: 'add_edge', from: 'sums.tool', to: 'helper.tools' },
    { do: 'change_node', id: 'helper', title: 'Clever helper' },
  ],
};

test('a workflow is built by describing it, reviewed and undone', async ({ page, chatting }) => {
  const { rest, provider, url } = chatting;
  await rest.createWorkflow('Described', 'described');
  await page.goto(`${url}/workflows/described`);
  const editor = new EditorPage(page);
  const panel = page.getByRole('region', { name: 'Describe a change' });
  const review = page.getByRole('region', { name: 'Proposed change' });

  await test.step('what is not valid is corrected by the model, and shown before anything changes', async () => {
    await page.getByRole('button', { name: /^Describe it/ }).click();
    await panel.getByRole('textbox').fill('Answer questions with an agent');
    const model = panel.getByRole('combobox', { name: 'Model' });
    await model.fill('scripted-1');
    await page
      .getByRole('option', { name: /scripted-1/ })
      .first()
      .click();
    const asked = provider.requests.length;
    const half = { ...FIRST, commands: FIRST.commands.slice(0, 5) };
    provider.script({ text: JSON.stringify(half) }, { text: JSON.stringify(FIRST), holdAfter: 3 });
    await panel.getByRole('button', { name: 'Propose' }).click();
    await provider.asked(asked + 2);
    await expect(panel.getByRole('status')).toContainText('Correcting what did not fit (2 of 3)');
    provider.release();
    await expect(review.locator('[data-card="helper"]')).toHaveAttribute('data-mark', 'added');
    expect((await rest.graph('described')).nodes).toEqual([]);
  });

  await test.step('only what works by itself can be accepted', async () => {
    await panel.getByRole('checkbox', { name: /Brain/ }).click();
    await expect(panel.getByRole('alert')).toContainText(/model/);
    await expect(panel.getByRole('button', { name: 'Apply 3 of 4' })).toBeDisabled();
    await panel.getByRole('button', { name: 'Accept all' }).click();
    await panel.getByRole('button', { name: 'Apply all' }).click();
    await expect(editor.canvas.locator('[data-card]')).toHaveCount(4);
    await expect(editor.saved).toBeVisible();
  });

  await test.step('a part of a change can be left out, with its wires', async () => {
    provider.script({ text: JSON.stringify(SECOND) });
    await editor.canvas.focus();
    await page.keyboard.press('ControlOrMeta+I');
    await panel.getByRole('textbox').fill('Let it do sums and call it clever');
    await page.keyboard.press('ControlOrMeta+Enter');
    await expect(review.locator('[data-card="helper"]')).toHaveAttribute('data-mark', 'changed');
    await review.getByRole('button', { name: /^Changed: Clever helper/ }).click();
    await expect(review.locator('[data-card="helper"]')).toHaveAttribute('data-rejected', 'true');
    await panel.getByRole('button', { name: 'Apply 1 of 2' }).click();
    await expect(editor.card('sums')).toBeVisible();
    await expect(editor.card('helper')).toContainText('Helper');
    await expect(editor.card('helper')).not.toContainText('Clever');
  });

  await test.step('it is one step to undo', async () => {
    await editor.canvas.focus();
    await page.keyboard.press('ControlOrMeta+Z');
    await expect(editor.card('sums')).toHaveCount(0);
    await expect(editor.canvas.locator('[data-card]')).toHaveCount(4);
  });
});

test('a proposal that never works is refused with the reasons', async ({ page, chatting }) => {
  const { rest, provider, url, credentialId } = chatting;
  await rest.createWorkflow('Refused', 'refused');
  await page.goto(`${url}/workflows`);
  await page.evaluate((credential) => {
    localStorage.setItem('pipewright:proposal-model', JSON.stringify({ credential, name: 'scripted-1' }));
  }, credentialId);
  await page.goto(`${url}/workflows/refused`);
  provider.script({ text: 'No.' }, { text: 'No.' }, { text: 'No.' });
  await page.getByRole('button', { name: /^Describe it/ }).click();
  const panel = page.getByRole('region', { name: 'Describe a change' });
  await panel.getByRole('textbox').fill('Something');
  await panel.getByRole('button', { name: 'Propose' }).click();
  await expect(panel.getByRole('alert')).toContainText('The model proposed no change that works.');
  await expect(panel.getByRole('textbox')).toHaveValue('Something');
});

test('a proposal that is stopped is asked for no longer, and its words are kept', async ({
  page,
  chatting,
}) => {
  const { rest, provider, url, credentialId } = chatting;
  await rest.createWorkflow('Stopped', 'stopped');
  await page.goto(`${url}/workflows`);
  await page.evaluate((credential) => {
    localStorage.setItem('pipewright:proposal-model', JSON.stringify({ credential, name: 'scripted-1' }));
  }, credentialId);
  await page.goto(`${url}/workflows/stopped`);
  provider.script({ text: JSON.stringify(FIRST), holdAfter: 3 });
  const before = provider.requests.length;
  await page.getByRole('button', { name: /^Describe it/ }).click();
  const panel = page.getByRole('region', { name: 'Describe a change' });
  await panel.getByRole('textbox').fill('Something long');
  await panel.getByRole('button', { name: 'Propose' }).click();
  await provider.asked(before + 1);
  await panel.getByRole('button', { name: 'Stop' }).click();
  await expect(panel.getByRole('status')).toContainText('Stopped.');
  await expect(panel.getByRole('textbox', { name: /What should/ })).toHaveValue('Something long');
  expect(await provider.requests[before]?.ended).toBe('cut');
  expect((await rest.graph('stopped')).nodes).toEqual([]);
});
