declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** DynamoDB over LevelDB: on disk under `path`, else in memory. Options as of version 4. */
  function dynalite(options: {
    readonly path?: string;
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
    readonly updateTableMs?: number;
  }): Server;
  export = dynalite;
}
