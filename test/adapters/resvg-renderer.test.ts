import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { chartAssets, resvgRenderer } from '../../lib/adapters/resvg-renderer.ts';
import { chartSize, chartSvg } from '../../lib/core/chart/chart.ts';
import { bundleUntrimmed } from '../../scripts/build/bundle.ts';
import { nowMs, sampleWeek } from '../core/chart/sample-days.ts';

const svg = chartSvg('gitlab.mail.corp.internal', sampleWeek(), nowMs);

describe('a rendered chart', () => {
  it('is a PNG of twice the size, with corners that let the ground shine through', async () => {
    const png = Buffer.from(await resvgRenderer.png(svg));
    expect(png.subarray(0, 8)).toEqual(Buffer.from('89504e470d0a1a0a', 'hex'));
    expect(png.toString('latin1', 12, 16)).toBe('IHDR');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([2 * chartSize.width, 2 * chartSize.height]);
    expect(png.toString('latin1', png.length - 8, png.length - 4)).toBe('IEND');
    const data: Buffer[] = [];
    for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
      if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
        data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
    }
    const colourTypeWithAlpha = 6;
    expect(png[25]).toBe(colourTypeWithAlpha);
    // The first byte of a row is its filter: whichever it is, the first pixel stands as it is.
    expect([...inflateSync(Buffer.concat(data)).subarray(1, 5)]).toEqual([0, 0, 0, 0]);
    expect(png.length).toBeLessThan(300_000);
  });

  it('is the same bytes for the same drawing', async () => {
    expect(Buffer.from(await resvgRenderer.png(svg))).toEqual(Buffer.from(await resvgRenderer.png(svg)));
  });

  it('takes less than a second of processor time once loaded, and gives its memory back', async () => {
    await resvgRenderer.png(svg);
    await resvgRenderer.png(svg);
    const [cpu, memory] = [process.cpuUsage(), process.memoryUsage().external];
    const times = 5;
    for (let time = 0; time < times; time += 1) await resvgRenderer.png(svg);
    const { user, system } = process.cpuUsage(cpu);
    expect((user + system) / times / 1_000_000).toBeLessThan(1);
    expect(process.memoryUsage().external - memory).toBeLessThan(20_000_000);
  });

  it('rejects what is no SVG, and goes on with the next', async () => {
    await expect(resvgRenderer.png('no picture')).rejects.toThrow();
    expect((await resvgRenderer.png(svg)).length).toBeGreaterThan(1000);
  });

  it('is the same from a bundle that has its files beside it and no packages around', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'chart-'));
    try {
      const { code } = await bundleUntrimmed('lib/adapters/resvg-renderer.ts');
      for (const [file, contents] of Object.entries(code)) await writeFile(join(folder, file), contents);
      for (const [file, found] of Object.entries(chartAssets)) await copyFile(new URL(found()), join(folder, file));
      await writeFile(join(folder, 'chart.svg'), svg);
      const script = `
        import { readFileSync, writeFileSync } from 'node:fs';
        import { resvgRenderer } from './index.mjs';
        writeFileSync('chart.png', await resvgRenderer.png(readFileSync('chart.svg', 'utf8')));
      `;
      await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], { cwd: folder });
      expect(await readFile(join(folder, 'chart.png'))).toEqual(Buffer.from(await resvgRenderer.png(svg)));
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
