import { type SslMode, sslModes } from '../endpoint/definition.ts';
import type { Option, Positional, Values } from './row.ts';

/** Positionals and options that several rows share. */
export const hostname: Positional = { name: 'hostname', reads: 'host', example: 'gitlab.mail.corp.internal' };
export const share: Option = { name: 'share', help: 'answer in the channel, for all to see' };
export const page: Option = {
  name: 'page',
  placeholder: 'N',
  reads: 'number',
  example: '2',
  help: 'which page; default 1',
};
export const port: Option = {
  name: 'port',
  placeholder: '25',
  example: '25',
  help: 'port of the mail server; default 25',
};
export const sslMode: Option = {
  name: 'ssl-mode',
  placeholder: 'Auto',
  choices: sslModes,
  example: 'Auto',
  help: `Postal's SSL mode: ${sslModes.join(', ')}; default Auto`,
};

/** What an endpoint has when nothing else was said, as the acknowledgement shows it. */
export const defaultPort = '25';
export const defaultSslMode: SslMode = 'Auto';

/** `{ [key]: value }` of an option or positional, or nothing where it has no value: what an exact optional property needs. */
export const given = <Name extends string, Key extends string = Name>(
  values: Values,
  name: Name,
  key?: Key,
): { readonly [K in NoInfer<Key>]?: string } => {
  const value = values.one(name);
  return (value === undefined ? {} : { [key ?? name]: value }) as { readonly [K in Key]?: string };
};

export const pageOf = (values: Values): number => Number(values.one('page') ?? '1');
export const onPage = (number: number): string => (number > 1 ? `, page ${number}` : '');

/** The id of a change. */
export const change: Positional = { name: 'change', reads: 'word', example: '01JDXW4M3Z8Q7B5T9K2N6P0R7Q' };

export const force: Option = { name: 'force', help: 'fail over even where that would break delivery' };

export const ifForced = (values: Values): { readonly force?: true } => (values.flag('force') ? { force: true } : {});
