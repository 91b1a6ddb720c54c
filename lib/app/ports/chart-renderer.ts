/** Port to whatever makes pixels of a drawing. */
export interface ChartRenderer {
  /** A PNG of this SVG, at twice its size. The same SVG gives the same bytes. */
  png(svg: string): Promise<Uint8Array>;
}
