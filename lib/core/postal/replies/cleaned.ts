/** What a server quotes: addresses, names, URLs and numbers that may hold any word, and say nothing of its reason. */
const quotations: readonly RegExp[] = [
  /<[^<>]{0,320}>/g,
  /\b(?:https?:\/\/|www\.)[^\s"']{0,500}/g,
  /(?:(?!\.\.)[^\s<>"'(),;:]){1,64}@[^\s<>"'(),;]{0,255}/g,
  // An address, a name or an id in brackets; a word alone, such as [SPF], is the server's own.
  /\[(?=[^[\]]{0,60}[\d.:])[^[\]]{0,255}\]/g,
  /\brelay=\S{0,255}/g,
  /\b\d{1,3}(?:\.\d{1,3}){3}\b/g,
  // Exchange begins some of its reasons like a name: RESOLVER.ADR.RecipNotFound.
  /(?<![\w.-])(?!resolver\.|storedrv\.|smtpsend\.|queue\.)(?:[a-z0-9_-]{1,63}\.){1,10}(?:[a-z]{2,24}|xn--[a-z0-9-]{1,59})\b(?!\.\w)/g,
];

/** Names and URLs that say the reason themselves, and the word for it: where SPF or line ends are explained, and lists of addresses that send spam. */
const telling: readonly (readonly [RegExp, string])[] = [
  [/\bfrom (?:ip )?\[?\d{1,3}(?:\.\d{1,3}){3}\b\]?/g, 'from #client '],
  [/(?<![@\w.-])(?:https?:\/\/)?(?:(?:www\.)?open-?spf\.(?:org|net)|spf\.pobox\.com)\/why\S{0,500}/g, ' spf '],
  [/(?<![@\w.-])https?:\/\/\S{1,80}?\/(?:smtplf|barelf)\.html/g, ' bare lf '],
  [/(?<![@\w.-])(?:[\w-]{1,63}\.){0,4}(surbl|uribl)\.(?:org|com)\S{0,500}/g, ' $1 '],
  [
    /(?<![@\w.-])(?:https?:\/\/)?(?!dbl\.)(?:[\w-]{1,63}\.){0,4}(?:spamhaus\.org|spamcop\.net|barracudacentral\.org|abuseat\.org|sorbs\.net|uceprotect\.net)(?:\/\S{0,500})?/g,
    ' dnsbl ',
  ],
];

/** The server's own words of a reply in lower case, without what it quotes in them. */
export const cleaned = (text: string): string =>
  quotations
    .reduce(
      (left, quotation) => left.replace(quotation, ' '),
      telling.reduce((left, [name, word]) => left.replace(name, word), text.toLowerCase()),
    )
    .replace(/[([{<"'] *[)\]}>"']/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
