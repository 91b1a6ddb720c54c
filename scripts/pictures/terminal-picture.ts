import type { Browser } from 'playwright-core';
import { writePicture } from './write-picture.ts';

const columns = 80;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const page = (command: string, text: string): string => `<!doctype html><meta charset="utf-8"><style>
body { margin: 0; background: transparent }
main { display: inline-block; padding: 14px 18px 16px; border-radius: 8px; background: #1c2128; color: #d5dbe2;
  font: 13px/1.4 'DejaVu Sans Mono', monospace; white-space: pre }
b { font-weight: normal; color: #7ee2a8 }
</style><main><b>$</b> ${escaped(command)}\n${escaped(text)}</main>`;

/** Takes the picture of a command and what it printed, as a terminal of 80 columns shows it. Rejects where a line is longer. */
export const takeTerminal = async (browser: Browser, name: string, command: string, text: string): Promise<void> => {
  const tooLong = text.split('\n').find((line) => [...line].length > columns);
  if (tooLong !== undefined) throw new Error(`longer than ${columns} columns: ${tooLong}`);
  const tab = await browser.newPage({ viewport: { width: 900, height: 700 } });
  await tab.setContent(page(command, text));
  await writePicture(name, await tab.locator('main').screenshot({ omitBackground: true }));
  await tab.close();
};
