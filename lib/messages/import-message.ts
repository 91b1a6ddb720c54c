import type { Message } from './message.ts';
import { plainRefusal } from './refused-message.ts';

const nothingChanged = 'Nothing was changed.';

/** The file cannot be read, and why. */
export const unreadableFileMessage = (name: string, why: string): Message =>
  plainRefusal([`I can't import ${name}. ${why}`, nothingChanged]);

/** How a file is given: no command line holds one. */
export const howToImportMessage = (): Message =>
  plainRefusal([
    'Send /postal-endpoint import without anything after it: it opens a form for the file.',
    nothingChanged,
  ]);
