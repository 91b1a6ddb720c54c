import { chromiumMissing, launchChromium } from '../test/support/chromium.ts';
import { playAudit } from './pictures/audit-story.ts';
import { takeMessages } from './pictures/message-pictures.ts';
import { playMessages } from './pictures/message-story.ts';
import { openWorkspace } from './pictures/open-workspace.ts';
import { takePage } from './pictures/page-pictures.ts';
import { takePostal } from './pictures/postal-pictures.ts';
import { takeTerminal } from './pictures/terminal-picture.ts';

// Makes the pictures of the documents: docs/page.png and docs/postal.png of the local workspace, in light and dark; below docs/messages/ what every command
// answers; docs/audit.png of a shell. All of it comes of commands that are really given, in fresh workspaces; it takes some minutes.

if (chromiumMissing !== undefined) {
  process.stderr.write(`No picture was taken: ${chromiumMissing}\n`);
  process.exit(1);
}
await using browser = await launchChromium();
{
  const { command, text } = await playAudit();
  await takeTerminal(browser, 'audit.png', command, text);
}
{
  await using workspace = await openWorkspace();
  await takePage(browser, workspace);
}
{
  await using workspace = await openWorkspace({ withPostal: true });
  await takePostal(browser, workspace);
}
await using workspace = await openWorkspace();
await takeMessages(browser, workspace, await playMessages(workspace));
