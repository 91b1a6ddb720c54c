import { classOf, parseIpAddress } from '../../endpoint/ip-address.ts';
import type { ProbeFinding } from './finding.ts';
import { failing, finding, ipsOf, type Situation, saidAt } from './situation.ts';
import { agreed, listed, saying } from './words.ts';

const isPublic = (ip: string): boolean => {
  const parsed = parseIpAddress(ip);
  return parsed !== undefined && classOf(parsed) === 'public';
};

/** Connections that did not come about. */
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
        `${listed(ipsOf(refused))} ${agreed(refused, 'refuses', 'refuse')} the connection: the host is up, nothing listens on port ${port}.`,
        'Start the mail server there; see that it binds to this address and port, not to 127.0.0.1 alone.',
      ),
    );
  }
  if (blocked.length > 0) {
    findings.push(
      finding(
        'connect-blocked-by-aws',
        severity,
        `${listed(ipsOf(blocked))} ${agreed(blocked, 'is a public address', 'are public addresses')}, to which AWS drops port 25 in silence; whether the server is up cannot be seen.`,
        'Use its private address or another port, or have AWS lift the restriction for the account.',
      ),
    );
  }
  if (dropped.length > 0) {
    findings.push(
      finding(
        'connect-timeout',
        severity,
        `${listed(ipsOf(dropped))} ${agreed(dropped, 'does', 'do')} not answer on port ${port}, so that Postal waits ${profile.openTimeoutSeconds} s in vain.`,
        'Packets are dropped: look at security group, network ACL and route. A server whose backlog is full looks the same.',
      ),
    );
  }
  if (failed.length > 0) {
    findings.push(
      finding(
        'connect-failed',
        severity,
        `No connection to ${listed(ipsOf(failed))} on port ${port}: ${saying(saidAt(failed[0], 'connect')) || 'it broke off'}.`,
        "Look at the route from Postal's network to that address, and at firewalls that reject.",
      ),
    );
  }
  if (outside.length > 0) {
    findings.push(
      finding(
        'outside-policy',
        'warning',
        `${listed(ipsOf(outside))} ${agreed(outside, 'lies', 'lie')} outside the ranges that policy allows, so that nothing was connected to; Postal would.`,
        'Correct the record if that address is a mistake, or add its range to cidrs in policy.json.',
      ),
    );
  }
  if (late.length > 0) {
    findings.push(
      finding(
        'probe-cut-short',
        'info',
        `The time for the whole probe was over before ${listed(ipsOf(late))} ${agreed(late, 'was', 'were')} done.`,
        'Check again; a name with many slow addresses takes longer than a probe may.',
      ),
    );
  }
  return findings;
};
