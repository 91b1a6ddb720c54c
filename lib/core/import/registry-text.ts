import type { RegistryFormat } from '../endpoint/registry-format.ts';
import type { RegistryRow } from '../endpoint/registry-row.ts';
import { normalCsv } from './normal-csv.ts';
import { registryZone } from './registry-zone.ts';

/** The registry as a file. */
export const registryText = (format: RegistryFormat, rows: readonly RegistryRow[]): string => {
  switch (format) {
    case 'csv':
      return normalCsv(rows);
    case 'jsonl':
      return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    case 'zone':
      return registryZone(rows);
  }
};
