/** A message as SQS takes it. Of what JSON leaves as it is, SQS refuses U+FFFE and U+FFFF, and some that speak its protocol refuse surrogate pairs. */
export const sqsText = (message: object): string =>
  JSON.stringify(message).replace(
    /[\uD800-\uDFFF\uFFFE\uFFFF]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16)}`,
  );
