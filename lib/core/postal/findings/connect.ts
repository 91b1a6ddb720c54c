import { classOf, parseIpAddress } from '../../endpoint/ip-address.ts';
import type { ProbeFinding } from './finding.ts';
import { failing, finding, ipsOf, type Situation, saidAt } from './situation.ts';
import { agreed, listed, saying } from './words.ts';

const isPublic = (ip: string): boolean => {
  const parsed = parseIpAddress(ip);
  return parsed !== undefined && classOf(parsed) === 'public';
};

/** Connections that failed or were not tried. */
export const connectFindings = ({ report, addresses, severity, profile }: Situation): readonly ProbeFinding[] => {
  const { port } = report;
  const refused = failing(addresses, 'connect', 'refused');
  const silent = failing(addresses, 'connect', 'timeout', 'slow');
  const blocked = port === 25 ? silent.filter(({ ip }) => isPublic(ip)) : [];
  const dropped = silent.filter((address) => !blocked.includes(address));
  const failed = failing(addresses, 'connect', 'unreachable', 'reset', 'closed');
  const outside = failing(addresses, 'connect', 'outside-policy');
  const late = addresses.filter(({ stages }) => stages.some(({ reason }) => reason === 'deadline'));
  const findings: ProbeFinding[] = [];
  if (refused.length > 0) {
    findings.push(
      finding(
        'connect-refused',
        severity,
        `${listed(ipsOf(refused))} ${agreed(refused, 'refuses', 'refuse')} the connection: the host is up, but nothing listens on port ${port}.`,
        'Start the mail server there, and check that it binds to this address and port, not only to 127.0.0.1.',
      ),
    );
  }
  if (blocked.length > 0) {
    findings.push(
      finding(
        'connect-blocked-by-aws',
        severity,
        `${listed(ipsOf(blocked))} ${agreed(blocked, 'is a public address', 'are public addresses')}, and AWS silently drops traffic to port 25; the probe cannot tell whether the server is up.`,
        'Use its private address or another port, or have AWS lift the restriction for the account.',
      ),
    );
  }
  if (dropped.length > 0) {
    findings.push(
      finding(
        'connect-timeout',
        severity,
        `${listed(ipsOf(dropped))} ${agreed(dropped, 'does', 'do')} not answer on port ${port}; Postal waits ${profile.openTimeoutSeconds} s for the connection.`,
        'Check security group, network ACL and route: packets are dropped. A server with a full backlog looks the same.',
      ),
    );
  }
  if (failed.length > 0) {
    findings.push(
      finding(
        'connect-failed',
        severity,
        `No connection to ${listed(ipsOf(failed))} on port ${port}: ${saying(saidAt(failed[0], 'connect')) || 'the connection broke'}.`,
        "Check the route from Postal's network to that address, and firewalls that reject connections.",
      ),
    );
  }
  if (outside.length > 0) {
    findings.push(
      finding(
        'outside-policy',
        'warning',
        `${listed(ipsOf(outside))} ${agreed(outside, 'is', 'are')} outside the ranges that the policy allows, so the probe did not connect; Postal would.`,
        'Correct the record if that address is a mistake, or add its range to cidrs in policy.json.',
      ),
    );
  }
  if (late.length > 0) {
    findings.push(
      finding(
        'probe-cut-short',
        'info',
        `The probe ran out of time before it finished with ${listed(ipsOf(late))}.`,
        'Check again. A name with many slow addresses takes longer than a probe may run.',
      ),
    );
  }
  return findings;
};
