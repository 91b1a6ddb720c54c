import { createContext, useContext } from 'react';
import type { RawValue, RawValues } from '../../slack/input-state.ts';

/** What the elements of one message or view share: their values, and the way to the app. */
export type Interaction = {
  readonly values: RawValues;
  readonly setValue: (blockId: string, actionId: string, value: RawValue) => void;
  /** Tells the app; resolves when it has answered. */
  readonly act: (blockId: string, actionId: string, value: RawValue) => Promise<void>;
  readonly errors: Readonly<Record<string, string>>;
};

export const InteractionContext = createContext<Interaction | undefined>(undefined);

/** Throws outside of a message or view. */
export const useInteraction = (): Interaction => {
  const interaction = useContext(InteractionContext);
  if (interaction === undefined) throw new Error('an element stands in a message or a view only');
  return interaction;
};
