import { readFileSync } from 'node:fs';

// Runs in a process of its own: loads a bundle, gives it the event, if there is one, and prints what that took.

const [, , bundle = '', eventFile] = process.argv;
const event: unknown = eventFile === undefined ? undefined : JSON.parse(readFileSync(eventFile, 'utf8'));

const began = performance.now();
const { handler } = await import(bundle);
const loadMs = performance.now() - began;
const answer: unknown =
  event === undefined
    ? undefined
    : await handler(event, { awsRequestId: 'bench', getRemainingTimeInMillis: () => 3000 });
const firstMs = performance.now() - began;

process.stdout.write(
  JSON.stringify({ loadMs, firstMs, peakMegabytes: process.resourceUsage().maxRSS / 1024, answer }),
  () => process.exit(),
);
