import { describe, expect, it } from 'vitest';
import { watchRulesSchema } from '../../../lib/core/policy/watch-rules.ts';
import { deploymentOf, NotDeployable } from '../../../scripts/build/deployment.ts';
import { examplePolicy, exampleProfile } from '../../core/validation/example-policy.ts';

describe('deploymentOf', () => {
  it('allows names below the zones, and knows the zones’ own', () => {
    const policy = examplePolicy({
      zones: [
        { name: 'corp.internal', id: 'Z1', vpcs: [] },
        { name: 'mail.corp.internal', id: 'Z2', vpcs: [] },
      ],
    });
    expect(deploymentOf(policy, exampleProfile({}))).toMatchObject({
      hostedZoneArns: ['Z1', 'Z2'].map((id) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:route53:::hostedzone/${id}` })),
      zoneNames: ['corp.internal', 'mail.corp.internal'],
      recordNames: ['*.corp.internal', '*.mail.corp.internal'],
    });
  });

  it('lets the prober out to mail servers and nameservers, of both address families, each once', () => {
    const policy = examplePolicy({ cidrs: ['10.0.0.0/8', 'fd00::/8', '10.0.0.0/8'], ports: [25] });
    const profile = exampleProfile({ nameservers: ['10.0.0.2', '10.0.0.3:5353', 'fd00::2', '10.0.0.2:53'] });
    const said = deploymentOf(policy, profile).proberEgress.map(
      ({ IpProtocol, FromPort, ToPort, CidrIp, CidrIpv6 }) =>
        `${IpProtocol} ${CidrIp ?? CidrIpv6} ${FromPort}-${ToPort}`,
    );
    expect(said).toEqual([
      'tcp 10.0.0.0/8 25-25',
      'tcp fd00::/8 25-25',
      'udp 10.0.0.2/32 53-53',
      'tcp 10.0.0.2/32 53-53',
      'udp 10.0.0.3/32 5353-5353',
      'tcp 10.0.0.3/32 5353-5353',
      'udp fd00::2/128 53-53',
      'tcp fd00::2/128 53-53',
    ]);
  });

  it('lets the worker publish to the topics of the policy', () => {
    const topicArn = 'arn:aws:sns:eu-central-1:123456789012:on-call';
    const watch = watchRulesSchema.parse({ destinations: [{ kind: 'sns', name: 'on-call', topicArn }] });
    expect(deploymentOf(examplePolicy({ watch }), exampleProfile({})).snsTopicArns).toEqual([topicArn]);
    expect(deploymentOf(examplePolicy(), exampleProfile({})).snsTopicArns).toHaveLength(1);
  });

  it('says so when a security group cannot hold it', () => {
    const cidrs = Array.from({ length: 20 }, (_, index) => `10.${index}.0.0/16`);
    const policy = examplePolicy({ cidrs, ports: [25, 465, 587] });
    expect(() => deploymentOf(policy, exampleProfile({ nameservers: ['10.0.0.2'] }))).toThrow(NotDeployable);
    expect(() => deploymentOf(policy, exampleProfile({ nameservers: ['10.0.0.2'] }))).toThrow('make 62 rules');
    expect(deploymentOf({ ...policy, ports: [25] }, exampleProfile({})).proberEgress.length).toBeGreaterThan(20);
  });
});
