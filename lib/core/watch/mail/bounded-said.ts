import { withinJsonOctets } from '../../limits/octets.ts';
import type { Said } from '../health/health.ts';

const findingsKept = 20;
const longestSentence = 1_500;
const longestFinding = 800;

/** What a look says, in at most some 35 KB: watch keeps several looks of an endpoint in one item. Findings come in order of importance. */
export const boundedSaid = ({ sentence, findings }: Said): Said => {
  const kept = findings.slice(0, findingsKept).map(({ code, text, remedy }) => ({
    code,
    text: withinJsonOctets(text, longestFinding),
    ...(remedy === undefined ? {} : { remedy: withinJsonOctets(remedy, longestFinding) }),
  }));
  const left = findings.length - kept.length;
  return {
    sentence: withinJsonOctets(sentence, longestSentence),
    findings: left === 0 ? kept : [...kept, { code: 'left-out', text: `${left} findings more are left out.` }],
  };
};
