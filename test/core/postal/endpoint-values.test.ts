import { describe, expect, it } from 'vitest';
import { connectPortOf } from '../../../lib/core/postal/connect-port.ts';
import { formAccepts } from '../../../lib/core/postal/form-accepts.ts';
import { nameserversIn } from '../../../lib/core/postal/resolv-conf.ts';
import { retryHintSeconds } from '../../../lib/core/postal/retry-hint.ts';

describe('whether an endpoint can be saved', () => {
  it.each<[string, number | string | null, string, boolean]>([
    ['gitlab.mail.corp.internal', 25, 'Auto', true],
    ['10.0.4.12', null, 'None', true],
    ['..', 70_000, 'TLS', true],
    ['-x-', -1, 'STARTTLS', true],
    ['GitLab.corp', 25, 'Auto', false],
    ['git_lab.corp', 25, 'Auto', false],
    ['bücher.corp', 25, 'Auto', false],
    ['host.corp ', 25, 'Auto', false],
    ['host.corp\n', 25, 'Auto', false],
    ['fd00::1', 25, 'Auto', false],
    ['', 25, 'Auto', false],
    ['a.corp', 'smtp', 'Auto', false],
    ['a.corp', '25', 'Auto', true],
    ['a.corp', 25.5, 'Auto', false],
    ['a.corp', 25, 'STARTLS', false],
    ['a.corp', 25, 'auto', false],
  ])('%j port %j mode %s: %s', (hostname, port, mode, savable) => {
    expect(formAccepts(hostname, port, mode)).toBe(savable);
  });
});

describe('where Postal connects for a port', () => {
  it.each<[number | string | null, number | undefined]>([
    [null, 25],
    [0, 0],
    [587, 587],
    [97_036, 31_500],
    [65_536, 0],
    ['smtp', 25],
    ['submission', 587],
    ['2525', 2525],
    ['', 25],
    [2 ** 31 + 25, undefined],
    [2 ** 32 + 25, 25],
    ['2147483673', undefined],
    [-1, undefined],
    [25.5, undefined],
    ['nonsense', undefined],
  ])('%j: %j', (port, connected) => {
    expect(connectPortOf(port)).toBe(connected);
  });
});

describe('when Postal tries again', () => {
  it.each<[string, number | null]>([
    ['450 4.2.0 try again in 300 seconds', 310],
    ['450-4.2.0 Greylisted\n450 4.2.0 please retry in 300 seconds\n', 310],
    ['451 wait 2 minutes', 130],
    ['451 30 seconds, or 5 minutes', 40],
    ['451 5 minutes, or 30 seconds', 40],
    ['limit 1000 per 86400 seconds', 86_410],
    ['450 in 1 minute', null],
    ['450 in 1 second', null],
    ['450 in 2 hours', null],
    ['451 Greylisted for 00:05:00', null],
    ['450 300s', null],
    ['450 later', null],
  ])('%j: %j', (text, seconds) => {
    expect(retryHintSeconds(text)).toBe(seconds);
  });
});

describe('resolv.conf, as Postal reads it', () => {
  it.each<[string, readonly string[]]>([
    ['nameserver 10.0.0.2\nnameserver fd00::2\n', ['10.0.0.2', 'fd00::2']],
    ['nameserver 10.0.0.2 10.0.0.3\n', ['10.0.0.2', '10.0.0.3']],
    ['  nameserver 10.0.0.2\nnameserver\t10.0.0.3\r\n', ['10.0.0.3']],
    ['nameserver 10.0.0.2 # the first\n;nameserver 10.0.0.3\n#nameserver 10.0.0.4\n', ['10.0.0.2']],
    ['search corp.test\noptions ndots:5\n', []],
    ['Nameserver 10.0.0.2\nnameservers 10.0.0.3\nnameserver\n', []],
  ])('%j names %j', (text, nameservers) => {
    expect(nameserversIn(text)).toEqual(nameservers);
  });
});
