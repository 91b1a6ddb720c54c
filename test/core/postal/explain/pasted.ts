import deliveries from './deliveries.json' with { type: 'json' };

/** What Postal's own code said of a delivery, and where that delivery really ended, one stage an error. */
export type Delivery = (typeof deliveries)[number];

export const allDeliveries: readonly Delivery[] = deliveries;

/** Details and technical details, as the web UI shows them under each other. */
export const pasted = ({ details, output }: Pick<Delivery, 'details' | 'output'>): string => `${details}\n${output}`;

/** Wraps a text hard, as a terminal does: line ends anywhere, also within words. */
export const wrapped = (text: string, columns: readonly number[]): string => {
  let left = text;
  let result = '';
  for (let at = 0; left !== ''; at += 1) {
    const width = columns[at % columns.length] ?? 80;
    result += `${result === '' ? '' : '\n'}${left.slice(0, width)}`;
    left = left.slice(width);
  }
  return result;
};
