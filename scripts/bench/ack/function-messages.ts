import type { Invocation } from '../../../lib/local/lambda/invocation.ts';
import type { LambdaFunctionOptions } from '../../../lib/local/lambda/lambda-function.ts';

/** What the process of a function is told. */
export type ToFunction =
  | {
      readonly kind: 'start';
      readonly options: Omit<LambdaFunctionOptions, 'log' | 'module'> & { readonly module: string };
    }
  | { readonly kind: 'warm' | 'kill'; readonly id: number }
  | { readonly kind: 'invoke'; readonly id: number; readonly event: unknown };

/** What it answers. */
export type FromFunction =
  | { readonly kind: 'log'; readonly functionName: string; readonly line: string }
  | { readonly kind: 'done'; readonly id: number; readonly invocation?: Invocation };
