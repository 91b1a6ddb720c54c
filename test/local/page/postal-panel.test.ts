import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chromiumMissing } from '../../support/chromium.ts';
import { type PostalUnderTest, postalUnderTest } from '../postal/postal-under-test.ts';
import { workspacePage } from './workspace-page.ts';

const host = 'gitlab.mail.corp.internal';

if (chromiumMissing !== undefined) process.stderr.write(`the panel of Postal is not tested: ${chromiumMissing}\n`);

describe.skipIf(chromiumMissing !== undefined)('the panel of Postal', () => {
  let postal: PostalUnderTest;
  beforeEach(async () => {
    postal = await postalUnderTest();
    postal.route53.put('Z0CORP', [{ name: host, type: 'A', ttlSeconds: 60, values: ['127.20.0.11'] }]);
  });
  afterEach(() => postal[Symbol.asyncDispose]());

  const workspace = workspacePage(undefined, () => postal.panel());
  const page = () => workspace.page();
  const toggle = () => page().getByRole('button', { name: 'Postal', exact: true });
  const panel = () => page().getByRole('complementary', { name: 'Postal' });
  /** Types into the field that has the focus, and goes on to the next. */
  const typeAndTab = async (...texts: readonly string[]): Promise<void> => {
    for (const text of texts) {
      await page().keyboard.type(text);
      await page().keyboard.press('Tab');
    }
  };
  const focused = () => page().locator(':focus');

  test('is worked with the keyboard alone, from an IP address to a delivery', async () => {
    await toggle().focus();
    await page().keyboard.press('Enter');
    await panel().getByLabel('Mail server').focus();
    await page().keyboard.press('Tab');
    await typeAndTab('GitLab', '127.20.0.11');
    await page().keyboard.type(String(postal.samples.starttls.port));
    await page().keyboard.press('Enter');
    await panel().getByRole('button', { name: 'Edit GitLab' }).waitFor();
    await expect.poll(() => focused().innerText()).toBe('Add an endpoint');

    await panel().getByRole('form', { name: 'Add a route' }).getByLabel('Name').focus();
    await typeAndTab('gitlab');
    await page().keyboard.press('Tab');
    await expect.poll(() => focused().innerText()).toBe('Add a route');
    await page().keyboard.press('Enter');
    await panel().getByRole('button', { name: 'Send mail to gitlab@acme.example' }).focus();
    await page().keyboard.press('Enter');
    await panel().getByText('No hosts to try.').first().waitFor();
    await panel().getByText('1 message waits for GitLab').waitFor();

    await panel().getByRole('button', { name: 'Edit GitLab' }).focus();
    await page().keyboard.press('Enter');
    await expect.poll(() => focused().inputValue()).toBe('127.20.0.11');
    await page().keyboard.press('Control+a');
    await page().keyboard.type(host);
    await page().keyboard.press('Enter');
    await panel().getByText(`accepted by 127.20.0.11:${postal.samples.starttls.port} (${host})`).waitFor();
    await panel().getByText('Nothing waits.').waitFor();
  });

  test('says what Postal does not save, and keeps what was typed', async () => {
    await toggle().click();
    const form = panel().getByRole('form', { name: 'Add an SMTP endpoint' });
    await form.getByLabel('Name', { exact: true }).fill('GitLab');
    await form.getByLabel('Hostname').fill('Git_Lab');
    await form.getByLabel('Port').fill('smtp');
    await form.getByRole('button', { name: 'Add' }).click();
    await panel().getByRole('alert').getByText('Port must be a whole number').waitFor();
    await form.getByLabel('Port').fill('25');
    await form.getByRole('button', { name: 'Add' }).click();
    await panel().getByRole('alert').getByText('Hostname is invalid').waitFor();
    expect(await form.getByLabel('Hostname').inputValue()).toBe('Git_Lab');
    expect(postal.state().endpoints).toEqual([]);
  });

  test('deletes an endpoint, whose route rejects mail from then on, and the route', async () => {
    postal.act('postal-endpoint', { id: null, serverId: 1, name: 'GitLab', hostname: host, port: '', sslMode: 'Auto' });
    postal.act('postal-route', { name: 'gitlab', endpointId: 1 });
    await toggle().click();
    await panel().getByRole('button', { name: 'Delete GitLab' }).click();
    await panel().getByText('rejects mail: its endpoint was deleted').waitFor();
    await panel().getByRole('button', { name: 'Send mail to gitlab@acme.example' }).click();
    await panel().getByRole('alert').getByText('550 Route does not accept incoming messages').waitFor();
    await panel().getByRole('button', { name: 'Delete the route gitlab@acme.example' }).click();
    await expect.poll(() => panel().getByText('gitlab@acme.example').count()).toBe(0);
  });

  test('fits a phone, whatever the names', async () => {
    const label = 'a'.repeat(60);
    const long = `${label}.${label}.${label}.corp.internal`;
    postal.act('postal-endpoint', { id: null, serverId: 2, name: label, hostname: long, port: '', sslMode: 'Auto' });
    postal.act('postal-route', { name: label, endpointId: 1 });
    postal.act('postal-message', { routeId: 2 });
    await page().setViewportSize({ width: 390, height: 844 });
    await toggle().click();
    await panel().getByText('Server is in development mode.').waitFor();
    expect(await page().evaluate('document.documentElement.scrollWidth')).toBe(390);
    const [content, visible] = await panel().evaluate(({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth]);
    expect(content).toBe(visible);
  });
});
