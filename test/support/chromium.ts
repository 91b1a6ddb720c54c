import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const executablePath = '/usr/bin/chromium';

/** Why there is no browser to test with; `undefined` when there is one. */
export const chromiumMissing = existsSync(executablePath)
  ? undefined
  : `no ${executablePath}: install Debian's package chromium`;

/** Debian's Chromium, without the services that it would talk to. */
export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
