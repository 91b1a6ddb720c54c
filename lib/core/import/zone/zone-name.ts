/** A domain name as its labels, decoded and in lower case; the root has none. */
export type ZoneName = readonly string[];

type Labels = { readonly labels: ZoneName; readonly isAbsolute: boolean };

const decoded = (text: string): Labels | string => {
  const labels: string[] = [''];
  const append = (character: string): void => {
    labels[labels.length - 1] += character;
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '.') labels.push('');
    else if (character !== '\\') append(character);
    else {
      // Decimal (RFC 1035 §5.1), other than in Route 53.
      const [digits] = /^\d{3}/.exec(text.slice(at + 1, at + 4)) ?? [];
      if (digits === undefined && /^\d?$/.test(text.charAt(at + 1))) return 'has a bad escape';
      if (Number(digits) > 255) return 'has a bad escape';
      append(digits === undefined ? text.charAt(at + 1) : String.fromCharCode(Number(digits)));
      at += digits?.length ?? 1;
    }
  }
  const isAbsolute = labels.length > 1 && labels.at(-1) === '';
  const named = isAbsolute ? labels.slice(0, -1) : labels;
  return named.includes('') ? 'has an empty label' : { labels: named, isAbsolute };
};

/** Reads a name of a zone file, relative to its origin; a text says what is wrong with it. */
export const readZoneName = (text: string, origin: ZoneName): ZoneName | string => {
  if (text === '@') return origin;
  if (text === '.') return [];
  const read = decoded(text);
  if (typeof read === 'string') return read;
  const labels = read.labels.map((label) => label.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()));
  return read.isAbsolute ? labels : [...labels, ...origin];
};

/** A name as text without trailing dot, dots inside a label escaped. */
export const zoneNameText = (name: ZoneName): string => name.map((label) => label.replace(/[.\\]/g, '\\$&')).join('.');

/** Names of services and wildcards (RFC 8552, RFC 4592), which are no endpoints. */
export const isServiceName = (name: ZoneName): boolean => name.some((label) => label.includes('_') || label === '*');
