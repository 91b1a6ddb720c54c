import type { Hostname } from '../../endpoint/hostname.ts';
import { readTarget } from '../../endpoint/target-text.ts';
import type { Found, ImportMistake, ImportRow, LeftOut } from '../answer.ts';
import { oneLine } from '../one-line.ts';
import { hostnameOrMistakes } from '../read-row.ts';
import type { ZoneToken } from './zone-entries.ts';
import { isServiceName, readZoneName, type ZoneName, zoneNameText } from './zone-name.ts';
import { type ZoneMistake, type ZoneOwner, type ZoneRecord, zoneRecords } from './zone-records.ts';
import { mayStandBesideCname } from './zone-types.ts';

/** What is known of an owner so far. */
type OwnerState = {
  hostname?: Hostname;
  /** Its first address or CNAME. */
  first?: ZoneRecord;
  readonly targets: Set<string>;
  hasCname: boolean;
  /** Whether it has records of other types, beside which no CNAME may be. */
  hasOthers: boolean;
  isWrong: boolean;
};

/** Hexadecimal RDATA (RFC 3597) as an address, as far as it is one. */
const opaqueAddress = (values: readonly ZoneToken[]): string => {
  const [, length, ...parts] = values.map(({ text }) => text);
  const digits = parts.join('');
  if (!/^(?:[\da-f]{2})+$/i.test(digits) || Number(length) !== digits.length / 2) return '';
  if (digits.length === 8) return (digits.match(/../g) ?? []).map((octet) => Number.parseInt(octet, 16)).join('.');
  return (digits.match(/.{4}/g) ?? []).join(':');
};

/** A target, or what is wrong with the value. */
const targetOf = ({
  type,
  values,
  origin,
}: ZoneRecord): string | { readonly wrong: string; readonly right: string } => {
  const written = values[0]?.text ?? '';
  if (type === 'CNAME') {
    const name = readZoneName(written, origin);
    if (typeof name === 'string') return { wrong: `The target ${written} ${name}.`, right: 'Give a name.' };
    const target = readTarget(zoneNameText(name));
    if (target.kind === 'name') return target.name;
    return target.kind === 'invalid'
      ? target
      : { wrong: `A CNAME cannot lead to the address ${written}.`, right: 'Use a record of type A or AAAA.' };
  }
  const target = readTarget(written === '\\#' ? opaqueAddress(values) : written);
  const family = type === 'A' ? 4 : 6;
  if (target.kind === 'address' && target.address.family === family) return target.address.text;
  return target.kind === 'invalid'
    ? target
    : { wrong: `${written} is not an IPv${family} address.`, right: `A record of type ${type} has one.` };
};

const isEndpointType = (type: string): boolean => type === 'A' || type === 'AAAA' || type === 'CNAME';

/** Collects the endpoints of a zone file record by record. */
class ZoneRows {
  readonly mistakes: ImportMistake[] = [];
  readonly leftOut: LeftOut[] = [];
  readonly #owners = new Map<string, OwnerState>();

  #stateOf({ name }: ZoneOwner): OwnerState {
    const key = zoneNameText(name);
    const known = this.#owners.get(key) ?? { targets: new Set(), hasCname: false, hasOthers: false, isWrong: false };
    this.#owners.set(key, known);
    return known;
  }

  #leaveOut({ line, owner, type }: ZoneRecord, why = ''): void {
    this.leftOut.push({ line, what: oneLine(`${zoneNameText(owner.name) || '.'} ${type}${why}`) });
  }

  #cnameAlone({ line, owner, type }: ZoneRecord): void {
    const name = zoneNameText(owner.name);
    const message = oneLine(
      `${name} has a CNAME, and a CNAME is alone: no ${type} can be beside it. Keep one of them.`,
    );
    this.mistakes.push({ line, column: null, code: 'cname-alone', message });
    this.#stateOf(owner).isWrong = true;
  }

  addMistake({ mistake, owner, type }: ZoneMistake): void {
    this.mistakes.push(mistake);
    if (owner !== undefined && (type === undefined || isEndpointType(type))) this.#stateOf(owner).isWrong = true;
  }

  add(record: ZoneRecord): void {
    if (isServiceName(record.owner.name)) this.#leaveOut(record);
    else if (isEndpointType(record.type)) this.#addTarget(record);
    else this.#addOther(record);
  }

  #addOther(record: ZoneRecord): void {
    this.#leaveOut(record);
    if (mayStandBesideCname(record.type)) return;
    const state = this.#stateOf(record.owner);
    state.hasOthers = true;
    if (state.hasCname) this.#cnameAlone(record);
  }

  #addTarget(record: ZoneRecord): void {
    const { type, owner, line, values } = record;
    const state = this.#stateOf(owner);
    if (state.first === undefined) {
      state.first = record;
      const read = hostnameOrMistakes(zoneNameText(owner.name), owner);
      if ('hostname' in read) state.hostname = read.hostname;
      else this.mistakes.push(...read.mistakes);
    }
    const target = targetOf(record);
    if (typeof target !== 'string') {
      const place = values[0] ?? { line, column: null };
      const message = oneLine(`${target.wrong} ${target.right}`);
      this.mistakes.push({ line: place.line, column: place.column, code: 'target-is-ip-or-name', message });
      state.isWrong = true;
      return;
    }
    const isCname = type === 'CNAME';
    if (state.hasCname === isCname && state.targets.has(target)) {
      this.#leaveOut(record, ` ${target}, the same record again`);
      return;
    }
    if (state.hasCname || (isCname && (state.targets.size > 0 || state.hasOthers))) this.#cnameAlone(record);
    state.targets.add(target);
    state.hasCname ||= isCname;
  }

  rows(): readonly ImportRow[] {
    return [...this.#owners.values()].flatMap(({ hostname, first, targets, isWrong }) =>
      isWrong || hostname === undefined || first === undefined
        ? []
        : [
            {
              hostname,
              targets: [...targets],
              standby: [],
              port: null,
              sslMode: null,
              ttl: first.ttl,
              name: null,
              owner: null,
              note: null,
              line: first.line,
            },
          ],
    );
  }
}

/** Reads a zone file: an endpoint for each name with addresses or a CNAME. */
export const readZone = (text: string, zone: ZoneName): Found => {
  const rows = new ZoneRows();
  for (const each of zoneRecords(text, zone)) each.kind === 'record' ? rows.add(each) : rows.addMistake(each);
  return { rows: rows.rows(), mistakes: rows.mistakes, leftOut: rows.leftOut, unread: [] };
};
