import { slackIdKindOf } from '../../base/slack-ids.ts';
import type { Definition } from '../../endpoint/definition.ts';
import { normaliseName, parseHostname } from '../../endpoint/hostname.ts';
import { printable } from '../../endpoint/printable.ts';
import { readTarget } from '../../endpoint/target-text.ts';
import { targetTexts } from '../../endpoint/targets.ts';
import { matchesHostname, patternMistake } from '../../policy/hostname-pattern.ts';

/** What a mute covers. It is matched anew at every look, so a name that is registered later is covered as well. */
export type MuteScope =
  | { readonly kind: 'hostname'; readonly hostname: string }
  | { readonly kind: 'pattern'; readonly pattern: string }
  /** An address in canonical text, or a name. */
  | { readonly kind: 'target'; readonly target: string }
  /** An id of Slack, or the owner's text as it is registered. */
  | { readonly kind: 'owner'; readonly owner: string };

export type ReadScope =
  | { readonly ok: true; readonly scope: MuteScope }
  | { readonly ok: false; readonly wrong: string; readonly right: string };

const ofTarget = (text: string): ReadScope => {
  const read = readTarget(text);
  if (read.kind === 'invalid') return { ok: false, wrong: read.wrong, right: read.right };
  return {
    ok: true,
    scope: { kind: 'target', target: read.kind === 'address' ? read.address.text : read.name },
  };
};

/**
 * Reads what is to be muted.
 *
 * | text | covers |
 * | --- | --- |
 * | `gitlab.mail.corp.internal` | that hostname |
 * | `*.mail.corp.internal` | hostnames that fit the pattern |
 * | `all` | every hostname: the pattern `*` |
 * | `10.0.4.12`, `target:mx.corp.internal` | hostnames with that target |
 * | a person, user group or channel; `owner:text` | hostnames of that owner |
 */
export const readMuteScope = (text: string): ReadScope => {
  const [, prefix, rest = ''] = /^(target|owner):(.+)$/s.exec(text) ?? [];
  if (prefix === 'target') return ofTarget(rest);
  if (prefix === 'owner' || slackIdKindOf(text) !== undefined)
    return { ok: true, scope: { kind: 'owner', owner: prefix === 'owner' ? rest : text } };
  if (text.includes('*') || text.toLowerCase() === 'all') {
    const pattern = text.toLowerCase() === 'all' ? '*' : normaliseName(text);
    const mistake = patternMistake(pattern);
    return mistake === undefined
      ? { ok: true, scope: { kind: 'pattern', pattern } }
      : { ok: false, wrong: `${mistake}.`, right: 'Write a pattern such as *.mail.corp.internal.' };
  }
  const read = readTarget(text);
  if (read.kind === 'address') return { ok: true, scope: { kind: 'target', target: read.address.text } };
  const parsed = parseHostname(text);
  return 'hostname' in parsed
    ? { ok: true, scope: { kind: 'hostname', hostname: parsed.hostname } }
    : {
        ok: false,
        wrong: `${printable(text)} is not a hostname, a pattern, an address or an owner.`,
        right:
          'Write a hostname, a pattern such as *.mail.corp.internal, an address such as 10.0.4.12, or mention an owner.',
      };
};

/** The one text of a scope; `readMuteScope` reads it back. */
export const scopeText = (scope: MuteScope): string => {
  switch (scope.kind) {
    case 'hostname':
      return scope.hostname;
    case 'pattern':
      return scope.pattern;
    case 'target':
      return readTarget(scope.target).kind === 'address' ? scope.target : `target:${scope.target}`;
    case 'owner':
      return slackIdKindOf(scope.owner) === undefined ? `owner:${scope.owner}` : scope.owner;
  }
};

/** Whether a scope covers a registered name. */
export const isCovered = (
  scope: MuteScope,
  { hostname, targets, owner }: Pick<Definition, 'targets' | 'owner'> & { readonly hostname: string },
): boolean => {
  switch (scope.kind) {
    case 'hostname':
      return scope.hostname === hostname;
    case 'pattern':
      return matchesHostname(scope.pattern, hostname);
    case 'target':
      return targetTexts(targets).includes(scope.target);
    case 'owner':
      return owner === scope.owner;
  }
};

/** Whether `mute` and `unmute` read this text as more than one hostname. */
export const isMuteOfMany = (text: string): boolean => {
  const read = readMuteScope(text);
  return read.ok && read.scope.kind !== 'hostname';
};
