import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** A piece of XML, escaped already. */
export type Xml = { readonly xml: string };

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
const escapeText = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? character);

/** An element around text or around other elements; an undefined one is left out. */
export const element = (name: string, content: string | number | boolean | readonly (Xml | undefined)[]): Xml => {
  const inner =
    typeof content === 'object' ? content.map((child) => child?.xml ?? '').join('') : escapeText(String(content));
  return { xml: `<${name}>${inner}</${name}>` };
};

/** An element, or nothing where there is no text. */
export const optionalElement = (name: string, text: string | number | boolean | undefined): Xml | undefined =>
  text === undefined ? undefined : element(name, text);

/** A whole response. */
export const xmlDocument = (root: string, children: readonly (Xml | undefined)[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, children).xml.replace(root, `${root} xmlns="https://route53.amazonaws.com/doc/2013-04-01/"`)}`;

const lists: ReadonlySet<string> = new Set(['Change', 'ResourceRecord']);

const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
  isArray: (name) => lists.has(name),
});

/** Reads a request body; undefined when it is not well formed, or brings a document type of its own. */
export const parseXml = (text: string): unknown => {
  if (text.includes('<!DOCTYPE') || XMLValidator.validate(text) !== true) return undefined;
  return parser.parse(text);
};
