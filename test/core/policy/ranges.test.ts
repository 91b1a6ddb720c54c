import { describe, expect, it } from 'vitest';
import { insideRanges } from '../../../lib/core/policy/ranges.ts';

describe('insideRanges', () => {
  it.each([
    ['10.0.4.12', ['10.0.0.0/8'], true],
    ['11.0.4.12', ['10.0.0.0/8'], false],
    ['10.0.4.12', ['192.168.0.0/16', '10.0.4.0/24'], true],
    ['10.0.4.12', ['10.0.4.12/32'], true],
    ['10.0.4.13', ['10.0.4.12/32'], false],
    ['fd00:1::5', ['fd00:1::/32'], true],
    ['fd00:2::5', ['fd00:1::/32'], false],
    ['fd00:1::5', ['0.0.0.0/0'], false],
    ['10.0.4.12', ['::/0'], false],
    ['10.0.4.12', [], false],
  ])('%s in %j: %s', (address, cidrs, inside) => {
    expect(insideRanges(address, cidrs)).toBe(inside);
  });

  it.each([
    ['::ffff:10.0.4.12', ['10.0.0.0/8'], true],
    ['::ffff:a00:40c', ['10.0.0.0/8'], true],
    ['::ffff:10.0.4.12', ['::/0'], false],
    ['::ffff:127.0.0.1', ['0.0.0.0/0'], false],
    ['10.0.4.12', ['::ffff:10.0.0.0/104'], true],
    ['::10.0.4.12', ['10.0.0.0/8'], true],
    ['::127.0.0.1', ['::/0'], false],
    ['64:ff9b::7f00:1', ['::/0'], false],
    ['64:ff9b::a9fe:a9fe', ['::/0', '0.0.0.0/0'], false],
    ['64:ff9b:1::a9fe:a9fe', ['::/0', '0.0.0.0/0'], false],
    ['64:ff9b::a00:40c', ['10.0.0.0/8'], true],
    ['2002:7f00:1::', ['::/0'], false],
    ['2002:a9fe:a9fe::1', ['2002::/16', '0.0.0.0/0'], false],
    ['2002:a00:40c::1', ['10.0.0.0/8'], true],
    ['2001:0:1:2:3:4:80ff:fffe', ['::/0', '0.0.0.0/0'], false],
    ['::ffff:0:7f00:1', ['::/0'], false],
    ['fd00::5efe:7f00:1', ['fd00::/8', '0.0.0.0/0'], false],
    ['fd00::200:5efe:a00:1', ['10.0.0.0/8'], true],
  ])('judges an IPv4 address inside IPv6 as what it is: %s in %j: %s', (address, cidrs, inside) => {
    expect(insideRanges(address, cidrs)).toBe(inside);
  });

  it.each([
    ['127.0.0.1', ['0.0.0.0/0'], false],
    ['127.0.0.1', ['127.0.0.0/8'], true],
    ['127.0.0.1', ['127.0.0.0/7'], false],
    ['127.77.0.1', ['127.77.0.0/16'], true],
    ['::1', ['::/0'], false],
    ['::1', ['::1/128'], true],
    ['169.254.169.254', ['0.0.0.0/0'], false],
    ['169.254.169.254', ['169.254.0.0/16'], true],
    ['fe80::1', ['::/0'], false],
    ['fec0::1', ['::/0'], false],
    ['fec0::1', ['fec0::/10'], true],
    ['fd00:ec2::254', ['fd00::/8'], false],
    ['fd00:ec2::254', ['fd00:ec2::/32'], true],
    ['fd00:ec3::254', ['fd00::/8'], true],
    ['0.0.0.0', ['0.0.0.0/0'], false],
    ['0.0.0.0', ['0.0.0.0/32'], true],
    ['::', ['::/0'], false],
    ['224.0.0.1', ['224.0.0.0/4'], false],
    ['255.255.255.255', ['0.0.0.0/0'], false],
  ])('lets special addresses in only by a range of their kind: %s in %j: %s', (address, cidrs, inside) => {
    expect(insideRanges(address, cidrs)).toBe(inside);
  });

  it.each(['', '10.1', '010.0.0.1', '0x0a.0.0.1', 'fe80::1%eth0', 'localhost', '10.0.0.1/32', ' 10.0.0.1'])(
    'holds %j for outside of everything',
    (address) => {
      expect(insideRanges(address, ['0.0.0.0/0', '::/0', '10.0.0.0/8', '127.0.0.0/8', 'fe80::/10'])).toBe(false);
    },
  );

  it.each(['10.0.0.0', '10/8', '10.0.0.0/33', '10.0.0.0/', '/8', '10.0.0.0/8/8', 'fd00::/129', 'nonsense'])(
    'lets no one in by the broken range %j',
    (cidr) => {
      expect(insideRanges('10.0.0.0', [cidr])).toBe(false);
    },
  );
});
