const nearTheEndPixels = 160;

/** Whether the reader `newest`: was shown the newest message and has not scrolled since; `end`: scrolled to the very end; `free`: scrolled elsewhere. */
type Reading = 'newest' | 'end' | 'free';

/**
 * Keeps a scrolling list of messages where its reader wants it.
 *
 * | the reader | a new message | another size of window or content |
 * | --- | --- | --- |
 * | `newest` or `free` | is shown if the end was near, or if it concerns the reader | `newest` is shown again, `free` stays |
 * | `end` | is shown | stays at the end |
 *
 * A message is shown with its end at the end of the window; one that is taller than the window, from its beginning.
 */
export class ReadingPosition {
  #reading: Reading = 'end';
  #top = 0;
  #toEnd = 0;
  #size = '';
  readonly #list: HTMLElement;
  readonly #content: HTMLElement;

  /** `list` scrolls; `content` is all that is in it, the newest message last. */
  constructor(list: HTMLElement, content: HTMLElement) {
    this.#list = list;
    this.#content = content;
  }

  /** A message came; `concerns`: the reader waits for it. */
  onNews(concerns: boolean): void {
    this.#reading = concerns || this.#toEnd < nearTheEndPixels ? 'newest' : 'free';
  }

  /** Shows an older message. */
  showMessage(element: Element): void {
    this.#reading = 'free';
    element.scrollIntoView({ block: 'center' });
    this.#measure();
  }

  /** Goes where the reader wants to be; for after every change of the content. */
  place(): void {
    const last = this.#content.lastElementChild;
    const isTall = last !== null && last.clientHeight > this.#list.clientHeight;
    if (this.#reading === 'newest' && isTall) last.scrollIntoView({ block: 'start' });
    else if (this.#reading !== 'free') this.#list.scrollTop = this.#list.scrollHeight;
    this.#measure();
  }

  /** For every resize of list or content, as when a phone brings up its keyboard or a picture has been loaded. */
  onResize(): void {
    if (this.#sizeNow() !== this.#size) this.place();
  }

  /** For every scroll event. Neither what `place` has scrolled nor what a new layout has shifted was scrolled by the reader. */
  onScroll(): void {
    if (this.#list.scrollTop === this.#top || this.#sizeNow() !== this.#size) return;
    this.#measure();
    this.#reading = this.#toEnd <= 1 ? 'end' : 'free';
  }

  #sizeNow(): string {
    const { clientWidth, clientHeight, scrollHeight } = this.#list;
    return `${clientWidth} ${clientHeight} ${scrollHeight}`;
  }

  #measure(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.#list;
    this.#top = scrollTop;
    this.#toEnd = scrollHeight - scrollTop - clientHeight;
    this.#size = this.#sizeNow();
  }
}
