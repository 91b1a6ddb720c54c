import { type Policy, type PolicyDocument, policySchema } from '../../../lib/core/policy/policy.ts';
import { type PostalProfile, postalProfileSchema } from '../../../lib/core/postal/profile.ts';

/** A policy for the zone corp.internal, with whatever a test wants otherwise. */
export const examplePolicy = (more: Partial<PolicyDocument> = {}): Policy => ({
  ...policySchema.parse({
    zones: [{ name: 'corp.internal', id: 'Z0CORP' }],
    cidrs: ['10.0.0.0/8', 'fd00::/8'],
    auditChannel: 'C0AUDIT',
    grants: [{ name: 'all', teams: ['T0TEAM'], verbs: ['*'] }],
  }),
  ...more,
  version: '0123456789ab',
});

export const exampleProfile = (more: Partial<PostalProfile> = {}): PostalProfile => ({
  ...postalProfileSchema.parse({
    heloHostname: 'postal.corp.internal',
    returnPathDomain: 'rp.corp.internal',
    nameservers: ['10.0.0.2'],
  }),
  ...more,
});
