import { expect, test } from 'vitest';
import { checked, explained } from '../../scripts/replies/judge.ts';
import { readReplies } from '../../scripts/replies/labelled-reply.ts';
import { startNameserver } from '../../scripts/replies/nameserver.ts';

const fixture = (name: string) => readReplies(new URL(`../fixtures/replies/${name}`, import.meta.url).pathname);
const replies = fixture('collected.json');

test('explain and check say the same of every reply, at all seven stages', { timeout: 120_000 }, async () => {
  expect(new Set(replies.map(({ stage }) => stage)).size).toBe(7);
  await using nameserver = await startNameserver();
  const left = [...replies];
  const differing: string[] = [];
  const work = async (): Promise<void> => {
    for (let reply = left.shift(); reply !== undefined; reply = left.shift()) {
      const [said, met] = [explained(reply), await checked(reply, nameserver.address)];
      if (said !== met) differing.push(`${reply.id}: explain ${said}, check ${met}`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  expect(differing).toEqual([]);
});

test('explain finds what each reply means in Postal’s own wording', () => {
  const wrong = [...replies, ...fixture('known.json'), ...fixture('varied.jsonl')]
    .map((reply) => ({ ...reply, explained: explained(reply) }))
    .filter(({ code, alternatives, explained: said }) => ![code, ...alternatives].some((label) => label === said));
  expect(wrong).toEqual([]);
});
