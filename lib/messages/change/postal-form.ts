import type { KnownBlock } from '@slack/types';
import type { Definition } from '../../core/endpoint/definition.ts';
import { code, fields, section } from '../block-kit/blocks.ts';

/** The name to give the endpoint in Postal: the one a person chose, or the first label. */
const nameInPostal = ({ name, hostname }: Definition): string => name ?? hostname.split('.')[0] ?? hostname;

/** The exact values to type in Postal's web UI. */
export const postalForm = (definition: Definition, isNew = true): KnownBlock[] => [
  section(
    isNew
      ? 'In Postal → Routing → SMTP endpoints → Add:'
      : 'In Postal → Routing → SMTP endpoints, the endpoint should have:',
  ),
  fields([
    ['Name', code(nameInPostal(definition))],
    ['Hostname', code(definition.hostname)],
    ['Port', code(String(definition.port))],
    ['SSL Mode', code(definition.sslMode)],
  ]),
];
