import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** Pixels of a picture, three bytes each. */
type Pixels = { readonly width: number; readonly height: number; readonly rgb: Buffer };

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const coloursAtMost = 128;
/** Colours of surfaces, large ones first, which stay what they are however little they differ. */
const surfaces = 32;

const chunksOf = function* (png: Buffer): Generator<{ readonly type: string; readonly data: Buffer }> {
  for (let at = signature.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    yield { type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) };
    at += length + 12;
  }
};

/** The predictor of filter type 4 (PNG specification, 9.4). */
const paeth = (left: number, up: number, upLeft: number): number => {
  const estimate = left + up - upLeft;
  const [byLeft, byUp, byUpLeft] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - upLeft)];
  return byLeft <= byUp && byLeft <= byUpLeft ? left : byUp <= byUpLeft ? up : upLeft;
};

const predicted = (filter: number, left: number, up: number, upLeft: number): number =>
  [0, left, up, (left + up) >> 1, paeth(left, up, upLeft)][filter] ?? 0;

/** Reads what a browser writes: 8 bits a channel, RGB or RGBA without anything transparent, not interlaced. Throws on anything else. */
const read = (png: Buffer): Pixels => {
  const chunks = [...chunksOf(png)];
  const header = chunks.find(({ type }) => type === 'IHDR')?.data;
  const channels = header?.[9] === 2 ? 3 : 4;
  if (header?.[8] !== 8 || (header[9] !== 2 && header[9] !== 6) || header[12] !== 0)
    throw new RangeError('this kind of PNG is not read');
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const filtered = inflateSync(Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data)));
  const stride = width * channels;
  const raw = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y += 1) {
    const filter = filtered[y * (stride + 1)] ?? 0;
    for (let x = 0; x < stride; x += 1) {
      const at = y * stride + x;
      const left = x < channels ? 0 : (raw[at - channels] ?? 0);
      const up = y === 0 ? 0 : (raw[at - stride] ?? 0);
      const upLeft = y === 0 || x < channels ? 0 : (raw[at - stride - channels] ?? 0);
      raw[at] = (filtered[y * (stride + 1) + 1 + x] ?? 0) + predicted(filter, left, up, upLeft);
    }
  }
  const rgb = Buffer.alloc(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel += 1)
    raw.copy(rgb, pixel * 3, pixel * channels, pixel * channels + 3);
  return { width, height, rgb };
};

const distance = (one: number, other: number): number =>
  Math.abs((one >> 16) - (other >> 16)) +
  Math.abs(((one >> 8) & 0xff) - ((other >> 8) & 0xff)) +
  Math.abs((one & 0xff) - (other & 0xff));

/** The colours that a picture has most of, where it has too many one for all that hardly differ; and for every colour which of them shows it. */
const paletteOf = ({
  rgb,
}: Pixels): { readonly palette: readonly number[]; readonly shownBy: ReadonlyMap<number, number> } => {
  const counts = new Map<number, number>();
  for (let at = 0; at < rgb.length; at += 3)
    counts.set(rgb.readUIntBE(at, 3), (counts.get(rgb.readUIntBE(at, 3)) ?? 0) + 1);
  const colours = [...counts].sort(([, one], [, other]) => other - one).map(([colour]) => colour);
  let palette = colours;
  for (let apart = 4; palette.length > coloursAtMost; apart += 4) {
    palette = colours.slice(0, surfaces);
    for (const colour of colours.slice(surfaces))
      if (palette.every((taken) => distance(taken, colour) >= apart)) palette.push(colour);
  }
  const nearest = (colour: number): number =>
    palette.reduce(
      (best, taken, index) => (distance(taken, colour) < distance(palette[best] ?? 0, colour) ? index : best),
      0,
    );
  return { palette, shownBy: new Map(colours.map((colour) => [colour, nearest(colour)])) };
};

const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
};

/** The same picture with at most 128 colours: a fraction of the bytes, and of text and surfaces hardly to be told apart. */
export const palettePng = (png: Buffer): Buffer => {
  const pixels = read(png);
  const { width, height, rgb } = pixels;
  const { palette, shownBy } = paletteOf(pixels);
  const colours = Buffer.alloc(palette.length * 3);
  for (const [index, colour] of palette.entries()) colours.writeUIntBE(colour, index * 3, 3);
  // A filter a row, which is none.
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      rows[y * (width + 1) + 1 + x] = shownBy.get(rgb.readUIntBE((y * width + x) * 3, 3)) ?? 0;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3], 8);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('PLTE', colours),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
};
