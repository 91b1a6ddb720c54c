import { describe, expect, it } from 'vitest';
import { webhookAddressFault } from '../../../lib/core/policy/webhook-address.ts';

describe('an address that a webhook is sent to', () => {
  it.each(['203.0.114.7', '2606:4700::1111', '::ffff:8.8.8.8'])('may be %s', (address) => {
    expect(webhookAddressFault(address, [])).toBeUndefined();
  });

  it.each(['10.0.5.7', '::ffff:10.0.5.7'])('may be %s where its range is named', (address) => {
    expect(webhookAddressFault(address, [])).toContain('outside');
    expect(webhookAddressFault(address, ['10.0.5.0/24'])).toBeUndefined();
    expect(webhookAddressFault(address, ['10.0.6.0/24'])).toContain('outside');
  });

  it.each(['127.0.0.1', '169.254.169.254', 'fd00:ec2::254', '::1', '0.0.0.0', '224.0.0.1', '::ffff:127.0.0.1'])(
    'is never %s, whatever ranges are named',
    (address) => {
      expect(webhookAddressFault(address, ['0.0.0.0/0', '::/0', '127.0.0.0/8', '169.254.0.0/16'])).toBeDefined();
    },
  );
});
