import type { Mistake } from '../base/config-error.ts';

/** A value as a message shows it. */
export const said = (value: string): string => JSON.stringify(value);

/** A mistake at a path, or none where there is nothing to say. */
export const mistake = (path: string, message: string | undefined): readonly Mistake[] =>
  message === undefined ? [] : [{ path, message }];

/** Every value that occurs a second time, with the index of that time. */
export const repetitions = (values: readonly string[]): readonly { readonly value: string; readonly index: number }[] =>
  values.map((value, index) => ({ value, index })).filter(({ value, index }) => values.indexOf(value) < index);
