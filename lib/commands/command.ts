import type { DefinitionInput } from '../endpoint/definition.ts';

/** What a person asked for, once the grammar has understood it. */
export type Command =
  | { readonly verb: 'add'; readonly definition: DefinitionInput; readonly dryRun: boolean }
  | { readonly verb: 'show'; readonly hostname: string; readonly share: boolean }
  | { readonly verb: 'list'; readonly target?: string; readonly page: number; readonly share: boolean }
  | { readonly verb: 'check'; readonly hostname: string; readonly port?: string; readonly sslMode?: string; readonly share: boolean }
  | {
      readonly verb: 'history';
      readonly hostname?: string;
      readonly since?: string;
      readonly by?: string;
      readonly page: number;
      readonly share: boolean;
    }
  | { readonly verb: 'status'; readonly share: boolean }
  | { readonly verb: 'whoami' }
  | { readonly verb: 'home' };

export type Verb = Command['verb'];
