import { chartSvg } from '../lib/chart/chart.ts';
import { resvgRenderer } from '../lib/chart/resvg-renderer.ts';
import { localZone } from '../lib/local/workspace-seed.ts';
import { nowMs, sampleWeek } from '../test/chart/sample-days.ts';
import { chromiumMissing, launchChromium } from '../test/support/chromium.ts';
import { takeMessages } from './pictures/message-pictures.ts';
import { playMessages } from './pictures/message-story.ts';
import { openWorkspace } from './pictures/open-workspace.ts';
import { takePage } from './pictures/page-pictures.ts';
import { writePicture } from './pictures/write-picture.ts';

// Makes the pictures of the documents: docs/chart.png of a week that has seen everything, docs/page.png and docs/page-dark.png of the local
// workspace, and below docs/messages/ what every command answers. Each comes of commands that are really given, in a fresh workspace; some minutes.

await writePicture('chart.png', await resvgRenderer.png(chartSvg(`gitlab.mail.${localZone.name}`, sampleWeek(), nowMs)));
if (chromiumMissing !== undefined) {
  process.stderr.write(`No picture of the page was taken: ${chromiumMissing}\n`);
  process.exit(1);
}
await using browser = await launchChromium();
{
  await using workspace = await openWorkspace();
  await takePage(browser, workspace);
}
await using workspace = await openWorkspace();
await takeMessages(browser, workspace, await playMessages(workspace));
