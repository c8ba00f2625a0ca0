import type { Locator, Page } from '@playwright/test';

/** /settings/security. */
export class SecurityPage {
  readonly dialog: Locator;
  readonly turnOn: Locator;
  readonly turnOff: Locator;
  readonly renewCodes: Locator;
  readonly qrCode: Locator;
  readonly key: Locator;
  readonly code: Locator;
  readonly recoveryCodes: Locator;
  readonly saved: Locator;
  readonly done: Locator;
  readonly sessions: Locator;
  constructor(page: Page) {
    this.dialog = page.getByRole('dialog');
    this.turnOn = page.getByRole('button', { name: 'Turn on' });
    this.turnOff = page.getByRole('button', { name: 'Turn off' });
    this.renewCodes = page.getByRole('button', { name: 'New recovery codes' });
    this.qrCode = this.dialog.getByRole('img', { name: 'QR code for your authenticator app' });
    this.key = page.getByTestId('mfa-secret');
    this.code = this.dialog.getByRole('textbox', { name: /code/i });
    this.recoveryCodes = page.getByTestId('recovery-code');
    this.saved = this.dialog.getByRole('checkbox', { name: /^I have saved them/ });
    this.done = this.dialog.getByRole('button', { name: 'Done' });
    this.sessions = page.getByRole('list', { name: 'Sessions' }).getByRole('listitem');
  }
}
