import { useCallback, useMemo, useState } from 'react';
import type { RawValue, RawValues } from '../../slack/input-state.ts';
import type { ActionSource } from '../../slack/page-api/page-protocol.ts';
import type { BlockJson } from '../../slack/store/workspace.ts';
import { ask } from '../workspace/api.ts';
import { valueElements } from './block-json.ts';
import type { Interaction } from './interaction.ts';

const withValue = (values: RawValues, blockId: string, actionId: string, value: RawValue): RawValues => ({
  ...values,
  [blockId]: { ...values[blockId], [actionId]: value },
});

/** What elements hold that nobody touched, then what was put into them. */
const wholeValues = (blocks: readonly BlockJson[], touched: RawValues): RawValues => {
  let values: RawValues = {};
  for (const block of blocks) {
    const blockId = block.block_id ?? '';
    for (const { actionId, initial } of valueElements(block))
      values = withValue(values, blockId, actionId, touched[blockId]?.[actionId] ?? initial);
  }
  return values;
};

/** The shared state of the elements of one message or view. */
export const useInteractionState = (
  user: string,
  source: ActionSource,
  blocks: readonly BlockJson[],
  onError: (message: string) => void,
): Interaction & { readonly setErrors: (errors: Readonly<Record<string, string>>) => void } => {
  const [touched, setTouched] = useState<RawValues>({});
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const values = useMemo(() => wholeValues(blocks, touched), [blocks, touched]);
  const setValue = useCallback((blockId: string, actionId: string, value: RawValue) => {
    setTouched((before) => withValue(before, blockId, actionId, value));
    setErrors((before) => Object.fromEntries(Object.entries(before).filter(([id]) => id !== blockId)));
  }, []);
  const act = async (blockId: string, actionId: string, value: RawValue): Promise<void> => {
    const outcome = await ask('action', {
      user,
      source,
      blockId,
      actionId,
      value,
      values: withValue(values, blockId, actionId, value),
    });
    if (!outcome.ok) onError(outcome.error ?? 'That did not work.');
  };
  return { values, setValue, act, errors, setErrors };
};
