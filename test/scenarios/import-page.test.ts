import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalWorkspace } from '../../lib/local/workspace.ts';
import { localPeople, localZone } from '../../lib/local/workspace-seed.ts';
import { chromiumMissing, launchChromium } from '../support/chromium.ts';
import { workspaceUnderTest } from '../support/workspace.ts';

/** 40 endpoints: two with mistakes, one protected, one whose record others made. */
const spreadsheet = (port: number): string => {
  const row = (name: string, address = '127.20.0.11'): string => `${name};${address};${port}`;
  return [
    'Host;IP;Port',
    ...Array.from({ length: 36 }, (_, index) => row(`app${index + 1}.mail`.concat(`.${localZone.name}`))),
    row(`shop.prod.${localZone.name}`),
    row(`theirs.mail.${localZone.name}`),
    row(`wrong.mail.${localZone.name}`, '127.20.0.999'),
    row('127.20.0.11'),
  ].join('\n');
};

describe.skipIf(chromiumMissing !== undefined)('a spreadsheet in the workspace page', () => {
  let workspace: LocalWorkspace;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    // A list of 40 takes longer than the tests' usual 3 s on a busy machine, and would be answered twice.
    workspace = await workspaceUnderTest(undefined, { visibilityTimeoutSeconds: 60 });
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1280, height: 1200 }, colorScheme: 'light' });
    const theirs = { name: `theirs.mail.${localZone.name}`, type: 'A', ttlSeconds: 300, values: ['127.20.0.13'] };
    workspace.route53.hosted.change(localZone.id, [{ action: 'CREATE', recordSet: theirs }], 'by hand');
    await page.goto(workspace.pageUrl);
  });
  afterAll(async () => {
    await browser?.close();
    await workspace?.close();
  });

  const port = (): number => workspace.samples.find(({ name }) => name === 'starttls')?.port ?? 0;
  const openForm = async (): Promise<void> => {
    const composer = page.getByRole('textbox', { name: /^Message / });
    await composer.fill('/postal-endpoint import');
    await composer.press('Enter');
    await page.getByRole('dialog').waitFor();
  };

  test('is asked for by a form, which says at its field what is missing', async () => {
    await openForm();
    await page.getByRole('button', { name: 'Show plan' }).click();
    await page.getByRole('alert').getByText('Give a file, or paste its text below.').waitFor();
    expect(await page.getByRole('dialog').count()).toBe(1);
  });

  test('that is pasted becomes one table, with what is left out, and why below it', async () => {
    await page.getByLabel('Or paste its text').fill(spreadsheet(port()));
    await page.getByRole('button', { name: 'Show plan' }).click();
    const answer = page.getByRole('article').filter({ hasText: 'Import the pasted text' });
    await answer.getByRole('button', { name: 'Apply 37 of 40' }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    const table = await answer.getByRole('table').innerText();
    for (const part of [
      'line 40, column 2',
      'line 41, column 1',
      'theirs.mail.corp.internal',
      'shop.prod.corp.internal',
    ])
      expect(table).toContain(part);
    expect(table).toContain('left out');
    expect(await answer.innerText()).toContain('127.20.0.999');
  });

  test('may be a file, which the bot reads with its token', async () => {
    await openForm();
    await page.getByLabel('File').setInputFiles({
      name: 'endpoints.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`\ufeff${spreadsheet(port())}`, 'utf16le'),
    });
    await page.getByText('✓ endpoints.csv').waitFor();
    await page.getByRole('button', { name: 'Show plan' }).click();
    const answer = page.getByRole('article').filter({ hasText: 'Import endpoints.csv' });
    await answer.getByRole('button', { name: 'Apply 37 of 40' }).waitFor();
  });

  test('is applied once a second person has approved it, down to the table of what happened to it', async () => {
    const plan = page.getByRole('article').filter({ hasText: 'Import the pasted text' });
    await plan.getByRole('button', { name: 'Apply 37 of 40' }).click();
    const li = await browser.newPage({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
    await li.addInitScript((id) => sessionStorage.setItem('workspace-user', id), localPeople.users[1].id);
    await li.goto(`${workspace.pageUrl}/#mail-oncall`);
    await li.getByRole('button', { name: 'Approve 37' }).click();
    const outcome = page.getByRole('article').filter({ hasText: 'Import the pasted text: 37 names changed' });
    await outcome.first().waitFor({ timeout: 90_000 });
    const zone = workspace.route53.hosted.get(localZone.id);
    if (!zone.ok) throw new Error('the zone is gone');
    const addresses = [...zone.value.recordSets.values()].filter(({ type }) => type === 'A');
    expect(addresses.filter(({ values }) => values.includes('127.20.0.11'))).toHaveLength(37);
    expect(addresses.find(({ name }) => name.startsWith('theirs.'))?.values).toEqual(['127.20.0.13']);
  });
});
