import { UsageError } from './shell-result.ts';

/** How a command prints what it found: for people, as JSON, or for Prometheus' text-file collector. */
export type Output = 'text' | 'json' | 'prometheus';

export const outputOptions = {
  json: { type: 'boolean', default: false },
  format: { type: 'string' },
} as const;

/** Throws `UsageError`. */
export const readOutput = ({
  json,
  format,
}: {
  readonly json: boolean;
  readonly format?: string | undefined;
}): Output => {
  if (format === undefined) return json ? 'json' : 'text';
  if (format !== 'prometheus') throw new UsageError(`format: unknown format "${format}". Write --format prometheus.`);
  if (json) throw new UsageError('json, format: give one of them.');
  return 'prometheus';
};
