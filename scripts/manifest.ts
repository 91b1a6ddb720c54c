import { parseArgs } from 'node:util';
import { manifestOf } from '../lib/front/manifest.ts';

// Prints the manifest of the Slack app, for "Create an app from a manifest": npm run --silent manifest -- --url https://…/slack/events

const usage =
  'Give the address that the deployment printed as RequestUrl: npm run --silent manifest -- --url https://….amazonaws.com/slack/events';

const requestUrl = (): string | undefined => {
  try {
    const { url } = parseArgs({ options: { url: { type: 'string' } } }).values;
    return url !== undefined && new URL(url).protocol === 'https:' ? url : undefined;
  } catch {
    return undefined;
  }
};

const url = requestUrl();
if (url === undefined) {
  process.stderr.write(`${usage}\n`);
  process.exitCode = 2;
} else {
  process.stdout.write(`${JSON.stringify(manifestOf(url), null, 2)}\n`);
}
