import { expect, it } from 'vitest';
import { prometheusText } from '../../../../lib/core/postal/metrics/prometheus-text.ts';

it('escapes labels and help, and leaves out a gauge without values', () => {
  const text = prometheusText([
    {
      name: 'a_seconds',
      help: 'What\nit \\ is.',
      samples: [
        { labels: { name: 'say "hi" \\ \n' }, value: 1.5 },
        { labels: {}, value: 0 },
      ],
    },
    { name: 'b', help: 'Nothing.', samples: [] },
  ]);
  expect(text).toBe(
    [
      '# HELP a_seconds What\\nit \\\\ is.',
      '# TYPE a_seconds gauge',
      'a_seconds{name="say \\"hi\\" \\\\ \\n"} 1.5',
      'a_seconds 0',
    ].join('\n'),
  );
});
