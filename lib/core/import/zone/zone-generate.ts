/** Records that one `$GENERATE` may make. */
export const mostGenerated = 65_536;

const largestNumber = 2_147_483_647;

/** Hexadecimal digits from the last to the first, as labels; the width counts digits and dots. */
const nibbles = (value: number, width: number): string => {
  let text = '';
  let rest = value;
  let left = width;
  do {
    text += (rest % 16).toString(16);
    rest = Math.floor(rest / 16);
    left = Math.max(0, left - 1);
    if (left > 0 || rest > 0) {
      text += '.';
      left = Math.max(0, left - 1);
    }
  } while (rest > 0 || left > 0);
  return text;
};

const formatted = (value: number, width: number, base: string): string => {
  const isNibbles = base === 'n' || base === 'N';
  const text = isNibbles
    ? nibbles(value, width)
    : value.toString(base === 'o' ? 8 : base === 'd' ? 10 : 16).padStart(width, '0');
  return base === 'X' || base === 'N' ? text.toUpperCase() : text;
};

/** A pattern with the number in place of every `$`; undefined where it is malformed. */
export const generatedText = (pattern: string, number: number): string | undefined => {
  let isValid = true;
  const text = pattern.replace(/\\.|\$\$|\$(?:\{([^}]*)\})?/g, (found: string, braces: string | undefined) => {
    if (found.startsWith('\\')) return found;
    if (found === '$$') return '$';
    if (braces === undefined) return String(number);
    const [, offset = '', width = '0', base = 'd'] = /^(-?\d{1,10})(?:,(\d{1,3})(?:,([doxXnN]))?)?$/.exec(braces) ?? [];
    const value = number + Number(offset);
    if (offset === '' || value < 0 || value > largestNumber) isValid = false;
    return isValid ? formatted(value, Number(width), base) : '';
  });
  return isValid ? text : undefined;
};

/** The numbers of `start-stop[/step]`; a text says why they are refused. */
export const generatedNumbers = (range: string): readonly number[] | string => {
  const [, first = '', last = '', by = '1'] = /^(\d{1,10})-(\d{1,10})(?:\/(\d{1,10}))?$/.exec(range) ?? [];
  const [start, stop, step] = [Number(first), Number(last), Number(by)];
  if (first === '' || start > stop || step < 1 || stop > largestNumber)
    return 'Its range is not start-stop or start-stop/step.';
  const count = Math.floor((stop - start) / step) + 1;
  if (count > mostGenerated) return `It makes ${count} records; at most ${mostGenerated} are read.`;
  return Array.from({ length: count }, (_, index) => start + index * step);
};
