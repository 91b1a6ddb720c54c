const barCells = 12;

/** `▓▓▓▓▓▓▓▓░░░░ 132 of 200`. */
export const progressBar = (done: number, of: number): string => {
  const filled = of === 0 ? barCells : Math.floor((done / of) * barCells);
  return `${'▓'.repeat(filled)}${'░'.repeat(barCells - filled)} ${done} of ${of}`;
};
