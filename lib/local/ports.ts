import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { isPortTaken } from './loopback-server.ts';

const port = z.int().min(0).max(65_535);
const portsSchema = z.object({ page: port, dns: port, smtp: port, implicitTls: port });

/** Ports of loopback listeners; 0 lets the system choose. */
export type WorkspacePorts = Readonly<z.infer<typeof portsSchema>>;

export const freePorts: WorkspacePorts = { page: 0, dns: 0, smtp: 0, implicitTls: 0 };

/** The ports in a file that `writePorts` wrote; all 0 when it is absent or damaged. */
export const readPorts = (file: string): WorkspacePorts => {
  if (!existsSync(file)) return freePorts;
  try {
    return portsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return freePorts;
  }
};

export const writePorts = (file: string, ports: WorkspacePorts): void => writeFileSync(file, JSON.stringify(ports));

/** Listens at the first choice that no other program occupies; rejects with the last one's error. */
export const listenOnFirstFree = async <Choice, Listening>(
  choices: readonly [Choice, ...Choice[]],
  listen: (choice: Choice) => Promise<Listening>,
): Promise<Listening> => {
  const [first, second, ...others] = choices;
  if (second === undefined) return listen(first);
  try {
    return await listen(first);
  } catch (error) {
    if (!isPortTaken(error)) throw error;
    return listenOnFirstFree([second, ...others], listen);
  }
};
