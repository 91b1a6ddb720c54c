import { budgetMistake, budgets } from './build/budgets.ts';
import { bundleFunction } from './build/bundle.ts';
import { functionNames } from './build/functions.ts';

// Bundles the functions in memory, and fails when one loads more at its start than it may.

const mistakes = await Promise.all(
  functionNames.map(async (name) => budgetMistake(name, await bundleFunction(name), budgets[name])),
);
for (const mistake of mistakes) {
  if (mistake === undefined) continue;
  process.stderr.write(`${mistake}\n`);
  process.exitCode = 1;
}
