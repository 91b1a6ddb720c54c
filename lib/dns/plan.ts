import type { Definition } from '../endpoint/definition.ts';
import type { Hostname } from '../endpoint/hostname.ts';
import type { RecordSet } from './record-set.ts';

export type ChangeVerb = 'add';

/** A change as data: what stands at the name and its marker before, what is to stand there after, under which policy, until when. */
export type Plan = {
  readonly verb: ChangeVerb;
  readonly hostname: Hostname;
  readonly zoneId: string;
  readonly before: readonly RecordSet[];
  readonly after: readonly RecordSet[];
  readonly definitionBefore?: Definition;
  readonly definitionAfter?: Definition;
  readonly generation: number;
  readonly policyVersion: string;
  /** ISO 8601, UTC. */
  readonly expiresAt: string;
  /** SHA-256, hex, over the RFC 8785 JSON of everything else. */
  readonly digest: string;
};
