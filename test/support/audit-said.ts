type Found = { readonly mark: string; readonly code: string };

/** The endpoints and findings of the shell's text, in its order, with the marks that Slack has for the shell's. */
export const saidInShell = (
  text: string,
): { readonly name: string; readonly place: string; readonly found: Found[] }[] => {
  const endpoints: { name: string; place: string; found: Found[] }[] = [];
  let found: Found[] | undefined;
  for (const line of text.split('\n')) {
    const [, name, place] = /^(\S.* \(acme\/\w+\)): (\S+?)\.?(?::\d+)?, SSL mode/.exec(line) ?? [];
    const [, mark, code] = /^ {2}([✗!·]) ([a-z0-9-]+):/.exec(line) ?? [];
    if (name !== undefined && place !== undefined) {
      found = [];
      endpoints.push({ name, place, found });
    } else if (/^\S/.test(line)) found = undefined;
    else if (mark !== undefined && code !== undefined)
      found?.push({ mark: { '✗': '❌', '!': '⚠️', '·': '▫️' }[mark] ?? '', code });
  }
  return endpoints;
};

/** The rows of an audit's table in Slack: endpoint and codes, without the mark. */
export const rowsSaid = (reply: string): string[] =>
  reply
    .split('\n')
    .filter((line) => /^(?:❌|⚠️|▫️|✅) .* · .* · /.test(line))
    .map((line) => line.replace(/^\S+ /, '').split(' · ').slice(0, 2).join(' · '));

/** The findings that an audit of one hostname in Slack has in words. */
export const findingsSaid = (reply: string): Found[] =>
  [...reply.matchAll(/(❌|⚠️|▫️) `([a-z0-9-]+)`/g)].map(([, mark = '', code = '']) => ({ mark, code }));
