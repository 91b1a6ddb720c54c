import { describe, expect, test } from 'vitest';
import { chromiumMissing } from '../../support/chromium.ts';
import { callApi } from '../slack/sample-workspace.ts';
import { channel, workspacePage } from './workspace-page.ts';

describe.skipIf(chromiumMissing !== undefined)('the list of messages', () => {
  const workspace = workspacePage();
  const { send } = workspace;

  const post = (text: string, lines = 1) =>
    callApi(workspace.slack().apiUrl, 'chat.postMessage', {
      channel,
      text,
      blocks: Array.from({ length: lines }, (_, line) => ({
        type: 'section',
        text: { type: 'mrkdwn', text: `${text} ${line}.` },
      })),
    });
  const fill = async (count: number): Promise<void> => {
    for (let number = 0; number < count; number += 1)
      workspace.slack().store.add({ channel, author: 'U0LI', text: `old ${number}.`, blocks: [] });
    await workspace
      .page()
      .getByText(`old ${count - 1}.`)
      .waitFor();
  };
  const list = () => workspace.page().getByRole('log');
  /** Where a text is, in pixels below the upper edge of the list and above its lower edge. */
  const placeOf = async (text: string): Promise<{ readonly below: number; readonly above: number }> => {
    const place = await workspace.page().getByText(text, { exact: true }).boundingBox();
    const window = await list().boundingBox();
    if (place === null || window === null) throw new Error(`${text} is not on the page`);
    return { below: place.y - window.y, above: window.y + window.height - place.y - place.height };
  };
  const untilInSight = (text: string): Promise<void> =>
    expect
      .poll(async () => {
        const { below, above } = await placeOf(text);
        return below >= 0 && above >= 0;
      })
      .toBe(true);
  /** Two frames later everything that a change sets off has happened. */
  const settled = () =>
    workspace.page().evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');

  test.each([
    ['much taller', 30],
    ['a little taller', 14],
  ])('a message that is %s than the window is read from its beginning', async (_, lines) => {
    await workspace.page().setViewportSize({ width: 390, height: 500 });
    await send('hello');
    await workspace.page().getByRole('article').getByText('hello').waitFor();
    await post('long', lines);
    await workspace
      .page()
      .getByText(`long ${lines - 1}.`)
      .waitFor({ state: 'attached' });
    await untilInSight('long 0.');
    // Neither a smaller window nor something else on the page takes the beginning away.
    await workspace.page().setViewportSize({ width: 390, height: 460 });
    await settled();
    await workspace.composer().fill('one\ntwo\nthree');
    await settled();
    await untilInSight('long 0.');
  });

  test('the newest message stays in sight in a window of any other size', async () => {
    await fill(40);
    for (const [width, height] of [
      [390, 400],
      [1280, 860],
      [700, 300],
      [390, 844],
      [320, 260],
    ] as const) {
      await workspace.page().setViewportSize({ width, height });
      await untilInSight('old 39.');
      await settled();
      await untilInSight('old 39.');
    }
  });

  test('a reader of old messages is left where they are, whatever comes in and however the window changes', async () => {
    await fill(48);
    await list().hover();
    await workspace.page().mouse.wheel(0, -600);
    await expect.poll(async () => (await placeOf('old 47.')).above < 0).toBe(true);
    const readerAt = () => list().evaluate((element) => element.scrollTop);
    const before = await readerAt();
    await post('news');
    await workspace.page().getByText('news 0.').waitFor({ state: 'attached' });
    await settled();
    expect(await readerAt()).toBe(before);
    await workspace.page().setViewportSize({ width: 1280, height: 500 });
    await settled();
    expect((await placeOf('news 0.')).above).toBeLessThan(0);
    // An own message is what the writer wants to see.
    await send('mine');
    await workspace.page().getByRole('article').getByText('mine').waitFor();
    await untilInSight('mine');
  });

  test('messages that come in one after the other are all followed', async () => {
    await fill(30);
    for (let number = 0; number < 20; number += 1)
      workspace.slack().store.add({ channel, author: 'U0LI', text: `burst ${number}.`, blocks: [] });
    await workspace.page().getByText('burst 19.').waitFor({ state: 'attached' });
    await untilInSight('burst 19.');
  });
});
