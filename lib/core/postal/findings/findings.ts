import { addressFindings } from './addresses.ts';
import { bannerFindings } from './banner.ts';
import { certificateFindings } from './certificate.ts';
import { connectFindings } from './connect.ts';
import { dnsFindings } from './dns.ts';
import { driftFindings } from './drift.ts';
import { findingCodes, type ProbeFinding, severities } from './finding.ts';
import { helloFindings } from './hello.ts';
import { nameFindings } from './names.ts';
import { portFindings } from './ports.ts';
import { recipientFindings } from './recipients.ts';
import { type FindingsInput, situationOf } from './situation.ts';
import { tlsFindings } from './tls.ts';

const sections = [
  nameFindings,
  driftFindings,
  dnsFindings,
  portFindings,
  connectFindings,
  bannerFindings,
  helloFindings,
  tlsFindings,
  certificateFindings,
  recipientFindings,
  addressFindings,
] as const;

const inOrder = (one: ProbeFinding, other: ProbeFinding): number =>
  severities.indexOf(one.severity) - severities.indexOf(other.severity) ||
  findingCodes.indexOf(one.code) - findingCodes.indexOf(other.code);

/** All findings on an endpoint, the most urgent first: by severity, then causes before their effects. */
export const findingsOf = (input: FindingsInput): readonly ProbeFinding[] => {
  const situation = situationOf(input);
  return sections.flatMap((section) => section(situation)).sort(inOrder);
};
