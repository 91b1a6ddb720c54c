import type { Definition } from '../endpoint/definition.ts';
import { readTarget, type TargetText } from '../endpoint/target-text.ts';
import { targetTexts } from '../endpoint/targets.ts';
import { type FilterTexts, type ListedState, listedStates } from '../grammar/filter-parts.ts';
import type { EndpointStatus } from '../watch/endpoint-status.ts';
import { isCovered, type MuteScope, readMuteScope } from '../watch/mute/mute-scope.ts';

/** Which endpoints are meant; all conditions hold together, and an empty filter means every endpoint. */
export type EndpointFilter = {
  readonly scope?: MuteScope;
  /** An address in canonical text, or a name: of a target or a standby. */
  readonly target?: string;
  readonly state?: ListedState;
  readonly owner?: string;
  /** A mail server of Postal: `organization/server`, or the server alone. */
  readonly server?: string;
  /** Whether an SMTP endpoint of Postal has this hostname. */
  readonly inPostal?: boolean;
  /** Names in the zones that nobody registered, instead of those that are. */
  readonly unregistered?: true;
};

export type ReadFilter =
  | { readonly ok: true; readonly filter: EndpointFilter }
  /** A sentence for each mistake: the argument, what is wrong, what would be right. */
  | {
      readonly ok: false;
      readonly lines: readonly string[];
      /** Where nothing but the target is wrong. */
      readonly target?: Extract<TargetText, { kind: 'invalid' }>;
    };

const yesOrNo: ReadonlyMap<string, boolean> = new Map([
  ['yes', true],
  ['no', false],
]);

/** Reads a filter, and finds every mistake in it. */
export const readFilter = (texts: FilterTexts): ReadFilter => {
  const { hostname, owner, server, unregistered } = texts;
  const scope = hostname === undefined || hostname.toLowerCase() === 'all' ? undefined : readMuteScope(hostname);
  const target = texts.target === undefined ? undefined : readTarget(texts.target);
  const state = listedStates.find((each) => each === texts.state?.toLowerCase());
  const inPostal = texts.inPostal === undefined ? undefined : yesOrNo.get(texts.inPostal.toLowerCase());
  const lines = [
    ...(scope?.ok === false ? [`hostname: ${scope.wrong} ${scope.right}`] : []),
    ...(target?.kind === 'invalid' ? [`target: ${target.wrong} ${target.right}`] : []),
    ...(texts.state !== undefined && state === undefined
      ? [
          `state: unknown state "${texts.state}". Write ${listedStates.slice(0, -1).join(', ')} or ${listedStates.at(-1)}.`,
        ]
      : []),
    ...(texts.inPostal !== undefined && inPostal === undefined
      ? [`in-postal: "${texts.inPostal}" is neither yes nor no. Write --in-postal yes or --in-postal no.`]
      : []),
  ];
  if (lines.length > 0)
    return { ok: false, lines, ...(lines.length === 1 && target?.kind === 'invalid' && { target }) };
  return {
    ok: true,
    filter: {
      ...(scope?.ok && { scope: scope.scope }),
      ...(target?.kind === 'address' && { target: target.address.text }),
      ...(target?.kind === 'name' && { target: target.name }),
      ...(state && { state }),
      ...(owner !== undefined && { owner }),
      ...(server !== undefined && { server }),
      ...(inPostal !== undefined && { inPostal }),
      ...(unregistered && { unregistered }),
    },
  };
};

/** Why a verb that is about registered hostnames only does not take `--unregistered`. `so`: what follows from that. */
export const registeredOnly = (so: string): string =>
  `unregistered: names that nobody registered are not watched, so ${so}. Leave --unregistered out. list --unregistered shows such names, check all --unregistered checks them now, and adopt registers one.`;

/** Whether a filter leaves out anything. */
export const narrows = (filter: EndpointFilter): boolean => Object.keys(filter).length > 0;

/** Whether a filter asks for anything that only Postal's snapshot tells. */
export const asksPostal = ({ server, inPostal }: EndpointFilter): boolean =>
  server !== undefined || inPostal !== undefined;

/** What of a filter only Postal's snapshot tells. */
export const postalPart = ({ server, inPostal }: EndpointFilter): EndpointFilter => ({
  ...(server !== undefined && { server }),
  ...(inPostal !== undefined && { inPostal }),
});

type Named = Pick<Definition, 'targets' | 'standby' | 'owner'> & { readonly hostname: string };

/** Whether a registered endpoint has the hostname, owner and target that are asked for. */
export const isDefinedSo = ({ scope, target, owner }: EndpointFilter, definition: Named): boolean =>
  (scope === undefined || isCovered(scope, definition)) &&
  (owner === undefined || definition.owner === owner) &&
  (target === undefined ||
    [definition.targets, definition.standby].some(
      (targets) => targets !== undefined && targetTexts(targets).includes(target),
    ));

const noTargets = { kind: 'addresses', addresses: [] } as const;

/** Whether a hostname could be in scope, regardless of its definition. */
export const mayBeIn = (scope: MuteScope | undefined, hostname: string): boolean =>
  scope === undefined ||
  scope.kind === 'target' ||
  scope.kind === 'owner' ||
  isCovered(scope, { hostname, targets: noTargets });

/** Whether an endpoint is in the state that is asked for. */
export const isInState = (
  { state: wanted }: EndpointFilter,
  { state, mute }: Pick<EndpointStatus, 'state' | 'mute'>,
): boolean => wanted === undefined || (wanted === 'muted' ? mute !== undefined : state === wanted);
