/**
 * The nameservers of a resolv.conf as Postal reads it: every word after `nameserver`, of every such line, in order. A line that begins with
 * white space is passed over; `search`, `domain` and `options` have no part in Postal's look-ups.
 */
export const nameserversIn = (resolvConf: string): readonly string[] =>
  resolvConf.split('\n').flatMap((line) => {
    const [keyword, ...words] = line.replace(/[#;].*/, '').split(/\s+/);
    return keyword === 'nameserver' ? words.filter((word) => word !== '') : [];
  });
