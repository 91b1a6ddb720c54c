import { afterAll, beforeAll, expect, it } from 'vitest';
import { askedOf } from '../../../scripts/bench-scale/asked.ts';
import { measure } from '../../../scripts/bench-scale/measure.ts';
import { openSetting, type Setting } from '../../../scripts/bench-scale/setting.ts';

// That what the bot asks of DynamoDB, Route 53 and Slack grows with pages, and not with names: both deployments have more changes than one page shows.

const [few, many] = [200, 400];
const settings = new Map<number, Setting>();

beforeAll(async () => {
  for (const names of [few, many])
    settings.set(
      names,
      await openSetting({
        names,
        sampleDays: 1,
        moduleOf: (name) => new URL(`../../../functions/${name}.ts`, import.meta.url),
        log: () => undefined,
      }),
    );
}, 240_000);
afterAll(async () => {
  for (const setting of settings.values()) await setting[Symbol.asyncDispose]();
});

const requestsOf = async (names: number, what: string): Promise<readonly string[]> => {
  const setting = settings.get(names);
  const asked = setting && askedOf(setting.hostnames)[what];
  if (setting === undefined || asked === undefined) throw new Error(`${what} is not measured`);
  // The first command of an environment reads its secrets.
  await measure(setting, asked(0));
  return (await measure(setting, asked(0))).requests;
};

/** What pages of 1 MB and of 300 record sets may add for twice as many names. */
const pages = 6;

it.each(Object.keys(askedOf([])))(
  '%s',
  async (what) => {
    const [ofFew, ofMany] = [await requestsOf(few, what), await requestsOf(many, what)];
    expect(ofFew.length).toBeGreaterThan(5);
    expect(ofMany.length, `${ofFew.join(' ')}\n${ofMany.join(' ')}`).toBeLessThanOrEqual(ofFew.length + pages);
  },
  60_000,
);
