import type { Browser, Page } from '@playwright/test';
import { type ChatInstallation, expect, test } from './chat-fixture.ts';
import { ChatPage } from './pages/chat-page.ts';
import { EditorPage } from './pages/editor-page.ts';

/** Chat trigger → agent with a model, two tools and a memory → reply, as a person draws it. */
async function drawAssistant(editor: EditorPage, target: string): Promise<void> {
  await editor.dragIn('Chat trigger', { x: 60, y: 60 });
  await editor.dragIn('Agent', { x: 380, y: 60 });
  await editor.write('Instructions', 'You convert money.');
  await editor.dragIn('Model', { x: 60, y: 330 });
  await editor.pick('Model account', /^Scripted/);
  await editor.pick('Model', /^scripted-1/);
  await editor.dragIn('HTTP request', { x: 380, y: 330 });
  await editor.write('URL', `http://${target}/rate/EUR`);
  await editor.dragIn('Calculator', { x: 60, y: 480 });
  await editor.dragIn('Conversation memory', { x: 380, y: 560 });
  await editor.dragIn('Chat reply', { x: 60, y: 640 });
  await expect(editor.saved).toBeVisible();
  await editor.fitAll();
  await editor.connect({ node: 'trigger_chat_1', port: 'messages' }, { node: 'agent_1', port: 'messages' });
  await editor.connect({ node: 'agent_1', port: 'output' }, { node: 'reply_chat_1', port: 'input' });
  await editor.connect({ node: 'ai_model_1', port: 'model' }, { node: 'agent_1', port: 'model' });
  // What might as well be a step shows the port of a tool while it is selected.
  await editor.select('http_1');
  await editor.connect({ node: 'http_1', port: 'tool' }, { node: 'agent_1', port: 'tools' });
  await editor.select('calculator_1');
  await editor.connect({ node: 'calculator_1', port: 'tool' }, { node: 'agent_1', port: 'tools' });
  await editor.connect({ node: 'memory_1', port: 'memory' }, { node: 'agent_1', port: 'memory' });
  await expect(editor.canvas.locator('g[data-edge-id]')).toHaveCount(6);
  await expect(editor.saved).toBeVisible();
}

/** Opens the chat as a person does who uses keys only. */
async function openChat(page: Page, editor: EditorPage): Promise<ChatPage> {
  await editor.canvas.focus();
  await page.keyboard.press('J');
  await page.keyboard.press('2');
  const chat = new ChatPage(page);
  await expect(chat.message).toBeFocused();
  return chat;
}

/** The tools the model was offered when it was asked last. */
function offered({ provider }: ChatInstallation): string[] {
  const tools = provider.requests.at(-1)?.body.tools ?? [];
  return tools.map((tool) => tool.function?.name ?? tool.name ?? '');
}

async function visit(browser: Browser, address: string): Promise<{ page: Page; chat: ChatPage }> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(address);
  const chat = new ChatPage(page);
  await expect(chat.message).toBeVisible();
  return { page, chat };
}

test('an assistant is drawn and talked to, and a visitor sees nobody else', async ({
  page,
  browser,
  chatting,
}) => {
  test.setTimeout(300_000);
  const { provider, target, rest, url } = chatting;
  await rest.createWorkflow('Money', 'money');
  const editor = new EditorPage(page);
  await page.goto(`${url}/workflows/money`);
  await expect(editor.canvas).toBeVisible();
  await drawAssistant(editor, target.address);
  const chat = await openChat(page, editor);

  await test.step('words appear as they are written', async () => {
    provider.script({ chunks: ['I can ', 'convert **money**.'], holdAfter: 1 });
    await page.keyboard.type('What can you do?');
    await page.keyboard.press('Enter');
    await expect(chat.live).toContainText('I can');
    await expect(chat.live).not.toContainText('money');
    await expect(editor.card('agent_1')).toHaveAttribute('data-state', 'running');
    provider.release();
    await expect(chat.answers.last()).toContainText('I can convert money.');
    await expect(chat.answers.last().locator('strong')).toHaveText('money');
    await expect(chat.spoken).toContainText('Answer: I can convert money.');
    expect(offered(chatting)).toHaveLength(2);
  });

  await test.step('tool calls light up on the canvas and are seen in the answer', async () => {
    const [http = '', calculator = ''] = offered(chatting).toSorted((a) => (a.includes('calc') ? 1 : -1));
    const letGo = target.hold();
    provider.script(
      {
        toolCalls: [
          { name: http, args: {} },
          { name: calculator, args: { expression: '200 * 1.25' } },
        ],
      },
      { chunks: ['That is ', '250 dollars.'] },
    );
    await chat.message.fill('How much are 200 euros?');
    await chat.send.click();
    await expect(editor.card('http_1')).toHaveAttribute('data-state', 'running');
    await expect(chat.toolCall(http)).toHaveAttribute('data-state', 'running');
    await expect(editor.card('calculator_1')).toHaveAttribute('data-state', 'success');
    letGo();
    await expect(editor.card('http_1')).toHaveAttribute('data-state', 'success');
    await expect(chat.answers.last()).toContainText('That is 250 dollars.');
    await expect(editor.card('reply_chat_1')).toHaveAttribute('data-state', 'success');
    const row = chat.toolCall(calculator).getByRole('button');
    await row.focus();
    await page.keyboard.press('Enter');
    await expect(chat.toolCall(calculator)).toContainText('200 * 1.25');
    await expect(chat.toolCall(calculator)).toContainText('250');
    // It was told what was said before.
    expect(JSON.stringify(provider.requests.at(-1)?.body.messages)).toContain('What can you do?');
  });

  await test.step('a failure is told in the chat, and asked for again', async () => {
    provider.script({ status: 401, error: 'Incorrect API key provided.' });
    await chat.message.fill('And in pounds?');
    await page.keyboard.press('Enter');
    const notice = chat.answers.last().getByRole('note');
    await expect(notice).toBeVisible();
    provider.script({ text: 'It is 200 pounds.' });
    await notice.getByRole('button', { name: 'Retry' }).click();
    await expect(chat.answers.last()).toContainText('It is 200 pounds.');
    await expect(chat.questions).toHaveCount(3);
  });

  await test.step('an earlier message is changed; what came after it goes', async () => {
    provider.script({ text: 'It is 30 000 yen.' });
    await chat.questions.last().hover();
    await chat.questions.last().getByRole('button', { name: 'Edit and send again' }).click();
    await expect(chat.message).toHaveValue('And in pounds?');
    await chat.message.fill('And in yen?');
    await page.keyboard.press('Enter');
    await expect(chat.answers.last()).toContainText('30 000 yen');
    await expect(chat.questions).toHaveCount(3);
    await expect(chat.conversation).not.toContainText('pounds');
  });

  await test.step('an answer is stopped', async () => {
    provider.script({ chunks: ['Once upon ', 'a time'], holdAfter: 1 });
    await chat.message.fill('Tell me a story');
    await page.keyboard.press('Enter');
    await expect(chat.live).toContainText('Once upon');
    await page.locator('[data-region="dock"]').getByRole('button', { name: 'Stop' }).click();
    await expect(chat.live).toHaveCount(0);
    await expect(chat.send).toBeVisible();
    provider.release();
  });

  await test.step('everything is still there after a reload', async () => {
    await page.reload();
    await expect(editor.canvas.locator('[data-card]')).toHaveCount(7);
    await openChat(page, editor);
    await expect(chat.questions.first()).toContainText('What can you do?');
    await expect(chat.conversation).toContainText('That is 250 dollars.');
    await expect(chat.conversation).toContainText('30 000 yen');
  });

  await test.step('a second visitor of the hosted page sees nothing of the first', async () => {
    await page.getByRole('button', { name: 'Share chat' }).click();
    const dialog = page.getByRole('dialog', { name: 'Share chat' });
    await dialog.getByRole('switch', { name: 'Hosted page' }).click();
    await dialog.getByLabel('Welcome').fill('Ask me what money is worth.');
    await dialog.getByRole('button', { name: 'Save' }).click();
    const address = (await dialog.locator('[data-chat-address]').textContent()) ?? '';

    const first = await visit(browser, address);
    await expect(first.page.getByText('Ask me what money is worth.')).toBeVisible();
    provider.script({ chunks: ['Good day, ', 'first one.'], holdAfter: 1 });
    await first.chat.message.fill('My secret is swordfish');
    await first.page.keyboard.press('Enter');
    await expect(first.chat.live).toContainText('Good day,');
    provider.release();
    await expect(first.chat.answers.last()).toContainText('Good day, first one.');
    await first.page.reload();
    await expect(first.chat.questions).toHaveText(/My secret is swordfish/);

    const second = await visit(browser, address);
    await expect(second.page.getByText('Ask me what money is worth.')).toBeVisible();
    await expect(second.page.getByText('swordfish')).toHaveCount(0);
    await expect(second.chat.questions).toHaveCount(0);
    provider.script({ text: 'I know nothing of it.' });
    await second.chat.message.fill('What is the secret?');
    await second.page.keyboard.press('Enter');
    await expect(second.chat.answers.last()).toContainText('I know nothing of it.');
    expect(JSON.stringify(provider.requests.at(-1)?.body.messages)).not.toContain('swordfish');
    await first.page.context().close();
    await second.page.context().close();
  });
});
