import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { typedVerbs } from '../../lib/core/grammar/table.ts';
import { manifestOf } from '../../lib/front/manifest.ts';
import { scopes } from '../../lib/messages/scopes.ts';

const url = 'https://abc.execute-api.eu-central-1.amazonaws.com/slack/events';

describe('the manifest', () => {
  const manifest = manifestOf(url);

  it('has every verb in the usage hint, whole', () => {
    const [command] = manifest.features.slash_commands;
    for (const verb of typedVerbs) expect(` ${command?.usage_hint} `).toMatch(new RegExp(`[ ·]${verb}[ ·]`));
  });

  it('sends everything to the one address, and escapes people and channels', () => {
    expect(JSON.stringify(manifest).split(url)).toHaveLength(4);
    expect(manifest.features.slash_commands[0]?.should_escape).toBe(true);
  });

  it('asks for the scopes that the README gives a reason for, and no other', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    for (const { scope, reason } of scopes) expect(readme).toContain(`| \`${scope}\` | ${reason}`);
    expect(manifest.oauth_config.scopes.bot).toEqual(scopes.map(({ scope }) => scope));
  });

  it('keeps to Slack’s limits', () => {
    const { display_information: shown, features } = manifest;
    expect(shown.name.length).toBeLessThanOrEqual(35);
    expect(shown.description.length).toBeLessThanOrEqual(140);
    for (const shortcut of features.shortcuts) expect(shortcut.name.length).toBeLessThanOrEqual(24);
    for (const shortcut of features.shortcuts) expect(shortcut.description.length).toBeLessThanOrEqual(150);
    expect(features.slash_commands[0]?.description.length).toBeLessThanOrEqual(2000);
    expect(features.slash_commands[0]?.usage_hint.length).toBeLessThanOrEqual(1000);
  });
});
