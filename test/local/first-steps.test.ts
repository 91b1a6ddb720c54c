import { describe, expect, test } from 'vitest';
import { understandLine } from '../../lib/core/grammar/grammar.ts';
import { firstSteps } from '../../lib/local/first-steps.ts';
import { type SampleName, sampleNames } from '../../lib/local/smtp/samples.ts';

const command = '/postal-endpoint';
const sample = (name: SampleName, index: number) => ({
  name,
  addresses: name === 'half-dead' ? ['127.20.0.16', '127.20.0.17'] : [`127.20.0.${11 + index}`],
  port: 40_000 + index,
  sslMode: name === 'plaintext' ? ('None' as const) : ('Auto' as const),
});
const steps = firstSteps({ command, mailDomain: 'mail.corp.internal', samples: sampleNames.map(sample) });
const lines = steps.map(({ line }) => line);

describe('the first steps', () => {
  test('name the running samples by their own addresses and ports', () => {
    expect(lines[0]).toBe(
      '/postal-endpoint add gitlab.mail.corp.internal 127.20.0.11 --port 40000 --standby 127.20.0.17 --name GitLab',
    );
    expect(lines).toContain('/postal-endpoint add tickets.mail.corp.internal 127.20.0.16 127.20.0.17 --port 40005');
    expect(lines).toContain('/postal-endpoint add gitlab.mail.corp.internal 127.20.0.12 --port 40001 --ssl-mode None');
  });

  test('are at most nine, a sentence each', () => {
    expect(steps.length).toBeLessThanOrEqual(9);
    for (const { detail } of steps) expect(detail).toMatch(/^[A-Z][^.]*\.$/);
  });

  test.each(lines)('%s is understood', (line) => {
    expect(line.startsWith(`${command} `)).toBe(true);
    expect(['command', 'form']).toContain(understandLine(line.slice(command.length + 1)).kind);
  });

  test('want a sample for each that they name', () => {
    expect(() => firstSteps({ command, mailDomain: 'mail.corp.internal', samples: [] })).toThrow(
      'no sample mail server starttls',
    );
  });
});
