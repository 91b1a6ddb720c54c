import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { claimFolder } from '../lib/local/dynamodb/folder-lock.ts';
import { isPortTaken } from '../lib/local/loopback-server.ts';
import { freePorts, type WorkspacePorts } from '../lib/local/ports.ts';
import { startWorkspace } from '../lib/local/workspace.ts';

const usual: WorkspacePorts = { page: 4400, dns: 5354, smtp: 2525, implicitTls: 4650 };

const { values } = parseArgs({
  options: {
    fresh: { type: 'boolean', default: false },
    port: { type: 'string' },
    data: { type: 'string', default: '.postal-endpoint' },
  },
});
const folder = values.data;
const page = values.port === undefined ? usual.page : Number(values.port);
if (!/^\d+$/.test(values.port ?? '0') || page > 65_535) {
  process.stderr.write(
    `--port: "${values.port}" is not a valid port. Give a number from 1 to 65535, or 0 to let the system choose every port.\n`,
  );
  process.exit(2);
}
if (values.fresh && existsSync(folder)) {
  // A running workspace holds the folder's lock: its data is not deleted.
  const giveBack = await claimFolder(join(folder, 'dynamodb')).catch((error: unknown) => {
    process.stderr.write(`--fresh: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  });
  await giveBack();
  rmSync(folder, { recursive: true, force: true });
}

const began = performance.now();
const workspace = await startWorkspace({
  folder,
  ports: page === 0 ? freePorts : { ...usual, page },
  moduleOf: (name) => new URL(`../functions/${name}.ts`, import.meta.url),
  formBodies: 'base64',
  withPostal: true,
}).catch((error: unknown) => {
  const taken = isPortTaken(error)
    ? ' Another workspace may be running: stop it, or let the system choose every port with --port 0.'
    : '';
  process.stderr.write(
    `The workspace could not start: ${error instanceof Error ? error.message : String(error)}.${taken}\n`,
  );
  process.exit(1);
});

const samples = workspace.samples.map(
  ({ addresses, port, sslMode, description }) =>
    `  ${addresses.join(' ').padEnd(24)} --port ${port} --ssl-mode ${sslMode.padEnd(5)} ${description}`,
);
process.stdout.write(`postal-endpoint is ready after ${((performance.now() - began) / 1000).toFixed(1)} s

  ${workspace.pageUrl}

Type /postal-endpoint help there. Sample mail servers to register:
${samples.join('\n')}

DNS: dig @${workspace.dns.address} -p ${workspace.dns.port} NAME · data in ${folder}/ (npm start -- --fresh deletes it) · Ctrl-C stops everything
`);

const end = (): void => {
  workspace.close().then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exit(1);
    },
  );
};
process.once('SIGTERM', end);
process.once('SIGINT', end);
