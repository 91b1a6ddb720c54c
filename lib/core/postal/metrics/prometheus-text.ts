/** One value of a gauge. */
export type GaugeSample = { readonly labels: Readonly<Record<string, string>>; readonly value: number };

/** One gauge with its values. Names and units follow Prometheus' rules: base units, in the name. */
export type Gauge = {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly GaugeSample[];
};

const escapedLabel = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

const labelsText = (labels: GaugeSample['labels']): string => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapedLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
};

/** The text format 0.0.4 of Prometheus, without timestamps: what node_exporter's text-file collector reads. A gauge without a value is left out. */
export const prometheusText = (gauges: readonly Gauge[]): string =>
  gauges
    .filter(({ samples }) => samples.length > 0)
    .flatMap(({ name, help, samples }) => [
      `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
      `# TYPE ${name} gauge`,
      ...samples.map(({ labels, value }) => `${name}${labelsText(labels)} ${value}`),
    ])
    .join('\n');
