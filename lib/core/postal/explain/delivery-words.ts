/**
 * Postal's details and the server's output of a delivery as one text for `explain`. 2.x ends the details with a hostname and no full stop: the output is no
 * part of it.
 */
export const deliveryWords = (details: string | null, output: string | null): string => {
  const sentence = details?.trim() ?? '';
  const ended = sentence === '' || sentence.endsWith('.') ? sentence : `${sentence}.`;
  return [ended, output?.trim() ?? ''].filter((text) => text !== '').join('\n');
};
