import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { unpackedPackage } from '../../scripts/debian/cache.ts';
import { startForeground } from './foreground-server.ts';
import { freePorts } from './free-ports.ts';

const programs = {
  promtool: ['prometheus', 'usr/bin/promtool'],
  nodeExporter: ['prometheus-node-exporter', 'usr/bin/prometheus-node-exporter'],
} as const;

const programOf = (name: keyof typeof programs): string | undefined => {
  const [packageName, path] = programs[name];
  const folder = unpackedPackage(packageName);
  return folder === undefined ? undefined : join(folder, path);
};

/** One line that says why Prometheus' own programs cannot judge here; undefined when they can. */
export const prometheusMissing = (): string | undefined =>
  programOf('promtool') === undefined || programOf('nodeExporter') === undefined
    ? 'Prometheus is missing: node scripts/unpack-debian.ts prometheus prometheus-node-exporter'
    : undefined;

/** What `promtool check metrics` has to say about a text, and its exit status: nothing and 0 where it keeps every rule. */
export const promtoolCheck = (
  metrics: string,
): Promise<{ readonly output: string; readonly exitCode: number | null }> =>
  new Promise((resolve, reject) => {
    const child = spawn(programOf('promtool') ?? '', ['check', 'metrics']);
    let output = '';
    const keep = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject).on('close', (exitCode) => resolve({ output, exitCode }));
    child.stdin.end(metrics);
  });

/** What node_exporter serves of the text files in a folder. */
export const servedByNodeExporter = async (folder: string): Promise<string> => {
  const [port = 0] = await freePorts(1);
  const args = [
    '--collector.disable-defaults',
    '--collector.textfile',
    `--collector.textfile.directory=${folder}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  await using _server = await startForeground(programOf('nodeExporter') ?? '', args, [port]);
  return (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
};
