import { isPortTaken } from '../../lib/local/loopback-server.ts';
import { freePorts } from '../../lib/local/ports.ts';
import { type LocalWorkspace, startWorkspace, type WorkspaceOptions } from '../../lib/local/workspace.ts';

/** A fresh workspace from the sources, with the ports that README.md names unless they are taken. */
export const openWorkspace = (more: Pick<WorkspaceOptions, 'withPostal'> = {}): Promise<LocalWorkspace> => {
  const options = {
    ...more,
    moduleOf: (name: string) => new URL(`../../functions/${name}.ts`, import.meta.url),
    formBodies: 'base64',
  } as const;
  return startWorkspace({ ...options, ports: { ...freePorts, smtp: 2525, implicitTls: 4650 } }).catch(
    (error: unknown) => {
      if (isPortTaken(error)) return startWorkspace({ ...options, ports: freePorts });
      throw error;
    },
  );
};
