import { writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { startForeground } from '../../test/support/foreground-server.ts';
import { freePorts } from '../../test/support/free-ports.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { unpackDebianPackage } from '../debian/unpack.ts';

/** Debian's name of it. */
export const exporterPackage = 'prometheus-blackbox-exporter';

/** The exporter's own example for SMTP with STARTTLS, which here ends as a session should, and takes a certificate that no one has signed. */
const configuration = `
modules:
  smtp_starttls:
    prober: tcp
    timeout: 5s
    tcp:
      preferred_ip_protocol: ip4
      query_response:
        - expect: "^220 ([^ ]+) ESMTP (.+)$"
        - send: "EHLO prober\\r"
        - expect: "^250-STARTTLS"
        - send: "STARTTLS\\r"
        - expect: "^220"
        - starttls: true
        - send: "EHLO prober\\r"
        - expect: "^250 "
        - send: "QUIT\\r"
        - expect: "^221 "
      tls_config:
        insecure_skip_verify: true
`;

export type BlackboxExporter = AsyncDisposable & {
  /** Probes a port of 127.0.0.1 through the exporter's HTTP endpoint; whether the probe succeeded. */
  probe(port: number): Promise<boolean>;
};

/** Starts Debian's blackbox exporter on loopback. */
export const startBlackboxExporter = async (): Promise<BlackboxExporter> => {
  const program = join(await unpackDebianPackage(exporterPackage), 'usr/bin', exporterPackage);
  const folder = await temporaryFolder();
  const file = join(folder.path, 'blackbox.yml');
  await writeFile(file, configuration);
  const [webPort = 0] = await freePorts(1);
  const server = await startForeground(
    program,
    [`--config.file=${file}`, `--web.listen-address=127.0.0.1:${webPort}`, '--log.level=error'],
    [webPort],
  );
  const agent = new Agent({ keepAlive: true });
  const metrics = (port: number): Promise<string> =>
    new Promise((resolve, reject) => {
      const path = `/probe?module=smtp_starttls&target=127.0.0.1:${port}`;
      request({ agent, host: '127.0.0.1', port: webPort, path }, (response) => {
        let text = '';
        response
          .setEncoding('utf8')
          .on('data', (chunk: string) => {
            text += chunk;
          })
          .on('end', () => resolve(text));
      })
        .on('error', reject)
        .end();
    });
  return {
    probe: async (port) => /^probe_success 1$/m.test(await metrics(port)),
    async [Symbol.asyncDispose]() {
      agent.destroy();
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
};
