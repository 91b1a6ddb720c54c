import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { differences, saysTheSame } from './oracle/compare.ts';
import { replay } from './oracle/replay.ts';
import { outOfScope, readScenarios, type Scenario } from './oracle/scenario.ts';
import { type OracleServers, startServers } from './oracle/servers.ts';

// Holds the prediction to what Postal's own code was seen to do: node scripts/oracle.ts <folder with oracle.json and serve>. One scenario after the other,
// since servers may treat one connection otherwise than the next. The last line is one JSON object.

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, verbose: { type: 'boolean', default: false } },
});
const [given] = positionals;

type Wrong = { readonly id: string; readonly differences: readonly string[] };
type Judged = { readonly wrong?: Wrong; readonly sameStrings: boolean; readonly words: string };

const judge = async (scenario: Scenario, servers: OracleServers): Promise<Judged> => {
  await servers.reset();
  try {
    const prediction = await replay(scenario.inputs, servers.folder);
    const found = differences(prediction, scenario.expect);
    const words = `${JSON.stringify([prediction.details, prediction.output])} for ${JSON.stringify([scenario.postal.details, scenario.postal.output])}`;
    return {
      sameStrings: saysTheSame(prediction, scenario),
      words,
      ...(found.length > 0 && { wrong: { id: scenario.id, differences: found } }),
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { sameStrings: false, words: message, wrong: { id: scenario.id, differences: [message] } };
  }
};

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const run = async (folder: string): Promise<void> => {
  const scenarios = readScenarios(folder).filter(({ id }) => values.only === undefined || id.startsWith(values.only));
  const excluded = scenarios.flatMap(({ id, inputs }) => {
    const why = outOfScope(inputs);
    return why === undefined ? [] : [{ id, why }];
  });
  const inScope = scenarios.filter(({ inputs }) => outOfScope(inputs) === undefined);
  const wrong: Wrong[] = [];
  let stringsRight = 0;
  await using servers = await startServers(folder);
  for (const scenario of inScope) {
    const judged = await judge(scenario, servers);
    if (judged.wrong !== undefined) wrong.push(judged.wrong);
    if (judged.sameStrings) stringsRight += 1;
    if (values.verbose && !judged.sameStrings) say(`${scenario.id}: said ${judged.words}`);
  }
  say(
    JSON.stringify({
      inScope: inScope.length,
      right: inScope.length - wrong.length,
      wrong,
      outOfScope: excluded,
      stringsRight,
    }),
  );
  process.exitCode = wrong.length === 0 ? 0 : 1;
};

if (given === undefined || positionals.length > 1) {
  process.stderr.write(
    'Give one folder with oracle.json and serve: npm run --silent oracle -- <folder> [--only id-prefix] [--verbose]\n',
  );
  process.exitCode = 3;
} else await run(resolve(given));
