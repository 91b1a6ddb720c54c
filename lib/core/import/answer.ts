import type { SslMode } from '../endpoint/definition.ts';
import type { RuleId } from '../endpoint/finding.ts';
import type { Hostname } from '../endpoint/hostname.ts';

/** A kind of file, told by its content. */
export type ImportFormat = 'csv' | 'zone' | 'jsonl';

/** An endpoint of a file, normalised; `null` and an empty list where the file says nothing. */
export type ImportRow = {
  readonly hostname: Hostname;
  /** Addresses in canonical text, or one name. Empty where the file has no targets at all. */
  readonly targets: readonly string[];
  readonly standby: readonly string[];
  readonly port: number | null;
  readonly sslMode: SslMode | null;
  /** Seconds. */
  readonly ttl: number | null;
  readonly name: string | null;
  readonly owner: string | null;
  readonly note: string | null;
  /** Of the first line of its record, from 1. */
  readonly line: number;
};

/** What is wrong with a line: a validation rule, or a mistake of the file itself. */
export type ImportCode =
  | RuleId
  | 'duplicate-hostname'
  | 'csv-cells'
  | 'csv-quote'
  | 'include-refused'
  | 'generate-refused'
  | 'zone-syntax'
  | 'json-syntax';

export type ImportMistake = {
  readonly line: number;
  /** In CSV the number of the cell, in a zone file the position in the line, both from 1. */
  readonly column: number | null;
  readonly code: ImportCode;
  /** One printable line: what is wrong, and what would be right. */
  readonly message: string;
};

/** What is not an endpoint, or is there already, and so is passed over. */
export type LeftOut = { readonly line: number; readonly what: string };

/** What was found in a file, each list in no particular order. */
export type Found = {
  readonly rows: readonly ImportRow[];
  readonly mistakes: readonly ImportMistake[];
  readonly leftOut: readonly LeftOut[];
  /** Columns and fields that are not understood. */
  readonly unread: readonly LeftOut[];
};

/** What a file holds, each list in the order of lines. */
export type ImportAnswer = { readonly format: ImportFormat } & Found;

/** Why nothing of a file can be read, in one sentence or two. */
export type Unreadable = { readonly unreadable: string };
