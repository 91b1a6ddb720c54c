import { expect, it } from 'vitest';
import { chosenByPostal } from '../../../lib/core/filter/in-postal.ts';
import { sampleSnapshot } from '../../support/sample-snapshot.ts';

const snapshot = sampleSnapshot(0);
const [gitlab, wiki] = ['gitlab.mail.corp.internal', 'wiki.corp.internal'];
const chosen = (filter: Parameters<typeof chosenByPostal>[0]) => {
  const choice = chosenByPostal(filter, snapshot);
  return choice.ok ? [gitlab, wiki].filter(choice.isChosen) : choice.line;
};

it.each([
  [{ inPostal: true }, [gitlab]],
  [{ inPostal: false }, [wiki]],
  [{ server: 'acme/staging' }, [gitlab]],
  [{ server: 'staging' }, [gitlab]],
  [{ server: 'production', inPostal: false }, [wiki]],
  [{ server: 'ging' }, 'server: Postal has no mail server "ging". Known ones: acme/production, acme/staging.'],
])('%j chooses %j', (filter, expected) => {
  expect(chosen(filter)).toEqual(expected);
});

it('chooses nothing by a snapshot that is not there', () => {
  const choice = chosenByPostal({ inPostal: false }, undefined);
  expect(choice.ok ? '' : choice.line).toMatch(/^in-postal: Postal has not reported what it has/);
});
