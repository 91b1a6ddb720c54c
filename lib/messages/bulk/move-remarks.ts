import type { UsedPort } from '../../core/bulk/moved-address.ts';
import { assess } from '../../core/postal/assess.ts';
import type { PostalProfile } from '../../core/postal/profile.ts';
import type { ProbeResult } from '../../core/probe-report/report.ts';
import { levelMark, levelOf, verdictSentence } from '../check/probe-blocks.ts';

/** What the new address answered at one of the ports in use. */
export type ProbedPort = UsedPort & { readonly result: ProbeResult };

export type MoveView = {
  readonly from: string;
  readonly to: string;
  readonly probed: readonly ProbedPort[];
  /** Ports in use that there was no room to probe. */
  readonly notProbed: number;
  readonly rememberedSeconds: number;
  /** How many names that nobody registered have the old address; undefined where the zones could not be read. */
  readonly unregistered: number | undefined;
  readonly profile: PostalProfile;
  readonly nowMs: number;
};

const aboutUnregistered = ({ unregistered, from }: MoveView): readonly string[] => {
  if (unregistered === undefined) return ['Whether other names have the old address could not be checked.'];
  if (unregistered === 0) return [];
  const names = unregistered === 1 ? '1 unregistered name also has' : `${unregistered} unregistered names also have`;
  return [`${names} ${from} and will not be changed: /postal-endpoint list --unregistered --target ${from}`];
};

/** Whether Postal is known not to get in at the new address, at one port in use at least. */
export const breaksDelivery = ({ probed, profile, nowMs }: MoveView): boolean =>
  probed.some(({ result }) => levelOf(assess(result, { profile, nowMs })) === 'bad');

/** What whoever moves an address has to know before, the verdicts on the new address first; a plain sentence each. */
export const moveRemarks = (view: MoveView): readonly string[] => {
  const { from, to, probed, notProbed, rememberedSeconds, profile, nowMs } = view;
  return [
    ...probed.map(({ port, sslMode, result }) => {
      const seen = assess(result, { profile, nowMs });
      return `${levelMark(levelOf(seen))} ${to}, port ${port}, ${sslMode}: ${verdictSentence(seen)}`;
    }),
    ...(notProbed === 0 ? [] : [`${notProbed} more ports and modes in use were not probed.`]),
    ...(rememberedSeconds === 0
      ? []
      : [
          `Resolvers may return ${from} for up to ${rememberedSeconds} s after each change, the longest TTL of these names.`,
        ]),
    ...aboutUnregistered(view),
  ];
};
