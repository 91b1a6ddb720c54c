import { amounts } from './rules/amounts.ts';
import { causes } from './rules/causes.ts';
import { destinations } from './rules/destinations.ts';
import { parties } from './rules/parties.ts';
import type { Rule } from './rules/rule.ts';
import { wideWords } from './rules/wide-words.ts';

/**
 * The first rule that fits decides, so a narrow meaning comes before a wide one that shares its words: what names a cause (DNS, SPF, a loop) before what
 * names a party (sender, recipient, client), and both before what only says no.
 */
export const rules: readonly Rule[] = [...causes, ...destinations, ...amounts, ...parties, ...wideWords];
