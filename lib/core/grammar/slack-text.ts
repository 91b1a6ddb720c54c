import { mentionTarget } from '../base/slack-ids.ts';

/** `<http://h|h>`, `<mailto:a|a>`, `<@U1|name>`, `<#C1|name>`, `<!subteam^S1|@team>`, `<!date^…|…>`. What people type themselves arrives as `&lt;`. */
const wrapped = /<([^<>|]*)(?:\|([^<>]*))?>/g;

const unwrap = (whole: string, target: string, label: string | undefined): string => {
  // Whether its id or its name is wanted depends on the argument.
  if (mentionTarget(target) !== undefined) return whole;
  if (target.startsWith('!date^') && label) return label;
  // Mentions of everyone stay as they are, for the rules on text to refuse.
  if (target.startsWith('!')) return whole;
  if (/^(?:mailto|tel):/i.test(target)) return label || target.replace(/^[a-z]+:/i, '');
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return label || target;
  return whole;
};

const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

// Soft hyphen, zero-width characters, bidirectional controls, byte order mark: nobody types them, and none is seen.
const invisible = /[\u00AD\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/g;

/** The text as the person saw it while typing, from the text as Slack sent it; only mentions of people, groups and channels stay as they travel. */
export const textFromSlack = (text: string): string =>
  text
    .toWellFormed()
    .replace(wrapped, unwrap)
    .replace(/&(?:amp|lt|gt);/g, (entity) => entities[entity] ?? entity)
    .replace(invisible, '');

/** A host name or address without what browsers and keyboards put around one: scheme, final slash, `xn—` for `xn--`. */
export const hostFromText = (text: string): string =>
  text
    .replace(/^(?:https?|smtps?):\/\//i, '')
    .replace(/\/$/, '')
    .replace(/(^|\.)xn[–—]/gi, '$1xn--');
