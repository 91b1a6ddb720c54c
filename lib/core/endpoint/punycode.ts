const base = 36;
const tMinimum = 1;
const tMaximum = 26;
const skew = 38;
const damp = 700;

const digit = (value: number): string => 'abcdefghijklmnopqrstuvwxyz0123456789'.charAt(value);

/** RFC 3492 §6.1. */
const adapt = (delta: number, points: number, isFirst: boolean): number => {
  let rest = isFirst ? Math.floor(delta / damp) : delta >> 1;
  rest += Math.floor(rest / points);
  let bias = 0;
  while (rest > ((base - tMinimum) * tMaximum) >> 1) {
    rest = Math.floor(rest / (base - tMinimum));
    bias += base;
  }
  return bias + Math.floor(((base - tMinimum + 1) * rest) / (rest + skew));
};

/** One delta as a variable-length integer (RFC 3492 §6.3). */
const integer = (delta: number, bias: number): string => {
  let text = '';
  let rest = delta;
  for (let k = base; ; k += base) {
    const t = k <= bias ? tMinimum : k >= bias + tMaximum ? tMaximum : k - bias;
    if (rest < t) return text + digit(rest);
    text += digit(t + ((rest - t) % (base - t)));
    rest = Math.floor((rest - t) / (base - t));
  }
};

const encodeLabel = (label: string): string => {
  const points = Array.from(label, (character) => character.codePointAt(0) ?? 0);
  const basic = points.filter((point) => point < 0x80);
  let text = basic.length === 0 ? '' : `${String.fromCodePoint(...basic)}-`;
  let [next, delta, bias, handled] = [0x80, 0, 72, basic.length];
  while (handled < points.length) {
    const smallest = Math.min(...points.filter((point) => point >= next));
    delta += (smallest - next) * (handled + 1);
    next = smallest;
    for (const point of points) {
      if (point < next) delta += 1;
      if (point !== next) continue;
      text += integer(delta, bias);
      bias = adapt(delta, handled + 1, handled === basic.length);
      delta = 0;
      handled += 1;
    }
    delta += 1;
    next += 1;
  }
  return `xn--${text}`;
};

const isAscii = (text: string): boolean => Buffer.byteLength(text) === text.length;

/**
 * A hostname as Postal asks for it: each label that is not ASCII in Punycode, without any of IDNA's mapping (`BÜCHER` is not `bücher`), and
 * then without a trailing dot.
 */
export const encodeHostname = (hostname: string): string =>
  isAscii(hostname)
    ? hostname
    : hostname
        .replace(/\.+$/, '')
        .split('.')
        .map((label) => (isAscii(label) ? label : encodeLabel(label)))
        .join('.');
