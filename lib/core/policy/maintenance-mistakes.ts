import type { Mistake } from '../base/config-error.ts';
import { readTarget } from '../endpoint/target-text.ts';
import { patternMistake } from './hostname-pattern.ts';
import type { MaintenanceWindow } from './maintenance-windows.ts';
import { mistake, repetitions, said } from './mistake-at.ts';

/** Mistakes in maintenance windows that their schema cannot see. */
export const maintenanceMistakes = (windows: readonly MaintenanceWindow[]): readonly Mistake[] => [
  ...repetitions(windows.map(({ name }) => name)).flatMap(({ value, index }) =>
    mistake(`watch.maintenance[${index}].name`, `${said(value)} is the name of another window, too`),
  ),
  ...windows.flatMap(({ from, to, hostnames = [], targets = [] }, at) => {
    const path = `watch.maintenance[${at}]`;
    return [
      ...mistake(
        `${path}.to`,
        from === to ? `${said(to)} is also when it begins: it would last for no time` : undefined,
      ),
      ...hostnames.flatMap((pattern, index) => mistake(`${path}.hostnames[${index}]`, patternMistake(pattern))),
      ...targets.flatMap((target, index) => {
        const read = readTarget(target);
        return mistake(
          `${path}.targets[${index}]`,
          read.kind === 'invalid' ? `${read.wrong} ${read.right}` : undefined,
        );
      }),
    ];
  }),
];
