import { describe, expect, it } from 'vitest';
import type { Definition } from '../../../../lib/core/endpoint/definition.ts';
import { isCovered, readMuteScope, scopeText } from '../../../../lib/core/watch/mute/mute-scope.ts';
import { hostnameOf } from '../../../support/watched-fleet.ts';

const definition: Definition = {
  hostname: hostnameOf('gitlab.mail.corp.internal'),
  targets: { kind: 'addresses', addresses: ['10.0.4.12', 'fd00::12'] },
  port: 25,
  sslMode: 'Auto',
  ttlSeconds: 60,
  owner: 'S0123MAIL',
};

describe('a mute', () => {
  it.each([
    ['gitlab.mail.corp.internal', 'gitlab.mail.corp.internal', true],
    ['GitLab.mail.corp.internal.', 'gitlab.mail.corp.internal', true],
    ['other.mail.corp.internal', 'other.mail.corp.internal', false],
    ['*.mail.corp.internal', '*.mail.corp.internal', true],
    ['*.prod.corp.internal', '*.prod.corp.internal', false],
    ['10.0.4.12', '10.0.4.12', true],
    ['FD00:0::12', 'fd00::12', true],
    ['10.0.4.13', '10.0.4.13', false],
    ['target:mx.corp.internal', 'target:mx.corp.internal', false],
    ['S0123MAIL', 'S0123MAIL', true],
    ['owner:The GitLab team', 'owner:The GitLab team', false],
  ])('of %s is written as %s, and covers the name: %s', (text, written, covers) => {
    const read = readMuteScope(text);
    if (!read.ok) throw new Error(read.wrong);
    expect(scopeText(read.scope)).toBe(written);
    expect(isCovered(read.scope, definition)).toBe(covers);
    expect(readMuteScope(written)).toEqual(read);
  });

  it.each(['target:10.0.4', '*.*.*.*', '*.ma_il.corp.internal', 'what is this?'])('of %s is not understood', (text) => {
    const read = readMuteScope(text);
    expect(read).toMatchObject({ ok: false, wrong: expect.any(String), right: expect.any(String) });
  });
});
