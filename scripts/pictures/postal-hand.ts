import type { Locator, Page } from 'playwright-core';
import { localPeople } from '../../lib/local/workspace-seed.ts';

type Panel = 'Postal' | 'This machine';

/** What a person does on the workspace page with Postal and the mail servers, whatever the width of the window. */
export type PostalHand = {
  readonly panel: (name: Panel) => Locator;
  open(name: Panel): Promise<void>;
  /** Types a command; a panel that lies over the messages is closed first. */
  type(line: string): Promise<void>;
  addEndpoint(endpoint: { readonly name: string; readonly hostname: string; readonly port: number }): Promise<void>;
  changeHostname(endpoint: string, hostname: string): Promise<void>;
  addRoute(name: string): Promise<void>;
  sendMail(address: string): Promise<void>;
  setServer(name: string, wish: 'Stop' | 'Start'): Promise<void>;
};

export const postalHand = (page: Page): PostalHand => {
  const panel = (name: Panel): Locator => page.getByRole('complementary', { name });
  const closePanel = async (): Promise<void> => {
    const close = page.getByRole('button', { name: 'Close the panel' });
    if ((await close.count()) > 0) await close.click();
  };
  const isNarrow = (): boolean => (page.viewportSize()?.width ?? 0) < 1280;
  const open = async (name: Panel): Promise<void> => {
    if ((await panel(name).count()) > 0) return;
    if (isNarrow()) await closePanel();
    await page.getByRole('button', { name, exact: true }).click();
    await panel(name).waitFor();
  };
  const inPostal = async (): Promise<Locator> => {
    await open('Postal');
    return panel('Postal');
  };
  return {
    panel,
    open,
    type: async (line) => {
      if (isNarrow()) await closePanel();
      const field = page.getByRole('textbox', { name: /^Message / });
      await field.fill(`${localPeople.command} ${line}`);
      await field.press('Enter');
    },
    addEndpoint: async ({ name, hostname, port }) => {
      const form = (await inPostal()).getByRole('form', { name: 'Add an SMTP endpoint' });
      await form.getByLabel('Name', { exact: true }).fill(name);
      await form.getByLabel('Hostname').fill(hostname);
      await form.getByLabel('Port').fill(String(port));
      await form.getByRole('button', { name: 'Add' }).click();
      await panel('Postal')
        .getByRole('button', { name: `Edit ${name}` })
        .waitFor();
    },
    changeHostname: async (endpoint, hostname) => {
      await (await inPostal()).getByRole('button', { name: `Edit ${endpoint}` }).click();
      const form = panel('Postal').getByRole('form', { name: `Change ${endpoint}` });
      await form.getByLabel('Hostname').fill(hostname);
      await form.getByRole('button', { name: 'Save' }).click();
      await form.waitFor({ state: 'detached' });
    },
    addRoute: async (name) => {
      const form = (await inPostal()).getByRole('form', { name: 'Add a route' });
      await form.getByLabel('Name').fill(name);
      await form.getByRole('button', { name: 'Add a route' }).click();
      await panel('Postal')
        .getByRole('button', { name: `Send mail to ${name}@` })
        .waitFor();
    },
    sendMail: async (address) => (await inPostal()).getByRole('button', { name: `Send mail to ${address}` }).click(),
    setServer: async (name, wish) => {
      await open('This machine');
      await panel('This machine')
        .getByRole('button', { name: `${wish} ${name}` })
        .click();
      await panel('This machine')
        .getByRole('button', { name: `${wish === 'Stop' ? 'Start' : 'Stop'} ${name}` })
        .waitFor();
    },
  };
};
