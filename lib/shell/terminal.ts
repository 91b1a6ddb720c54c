/** Columns of the narrowest terminal that tables are made for. */
export const terminalColumns = 80;

/** Text in lines of at most 80 columns, broken at spaces: the first begins with `first`, each other with `rest`. A word that is longer stays whole. */
export const wrapped = (text: string, first = '', rest = `${first}  `): readonly string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').filter((each) => each !== '')) {
    const prefix = lines.length === 0 ? first : rest;
    if (line !== '' && prefix.length + line.length + 1 + word.length > terminalColumns) {
      lines.push(`${prefix}${line}`);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, `${lines.length === 0 ? first : rest}${line}`];
};

/** Text in exactly so many columns; what is too long ends with `…`. */
export const fitted = (text: string, columns: number): string => {
  const characters = [...text];
  return characters.length <= columns ? text.padEnd(columns) : `${characters.slice(0, columns - 1).join('')}…`;
};
