import { parentPort } from 'node:worker_threads';
import { addressRecord, startDns } from '../../test/support/scripted-dns.ts';

// A nameserver in which every name has an address, in a thread of its own so that the audit alone is measured.

const dns = await startDns(({ name, type }) => ({ answers: type === 'A' ? [addressRecord(name, '10.0.0.1')] : [] }));
parentPort?.postMessage(dns.nameserver.port);
