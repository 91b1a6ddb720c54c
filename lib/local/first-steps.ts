import type { FirstStep } from './slack/page-api/page-protocol.ts';
import type { SampleName, SmtpSample } from './smtp/samples.ts';

/** What someone new may try, in the order of a first five minutes. Every line works in the workspace whose `samples` these are. */
export const firstSteps = ({
  command,
  mailDomain,
  samples,
}: {
  readonly command: string;
  readonly mailDomain: string;
  readonly samples: readonly Pick<SmtpSample, 'name' | 'addresses' | 'port' | 'sslMode'>[];
}): readonly FirstStep[] => {
  const add = (host: string, name: SampleName, more = ''): string => {
    const sample = samples.find((candidate) => candidate.name === name);
    if (sample === undefined) throw new RangeError(`there is no sample mail server ${name}`);
    const { addresses, port, sslMode } = sample;
    return `${command} add ${host}.${mailDomain} ${addresses.join(' ')} --port ${port}${sslMode === 'Auto' ? '' : ` --ssl-mode ${sslMode}`}${more}`;
  };
  const standby = samples.find(({ name }) => name === 'standby')?.addresses.join(' ') ?? '';
  const gitlab = `gitlab.${mailDomain}`;
  return [
    {
      line: add('gitlab', 'starttls', ` --standby ${standby} --name GitLab`),
      detail: 'Registers a name, probes its mail server, and says what to type into Postal.',
    },
    {
      line: add('gitlab', 'plaintext'),
      detail: 'Somebody wants the same name for another server: refused, saying who was first.',
    },
    {
      line: `${command} add 10.0.4.12 ${gitlab} --port 70000`,
      detail: 'Names every mistake, each with what would be right.',
    },
    { line: add('tickets', 'half-dead'), detail: 'Finds one of two addresses dead, and says what that means.' },
    {
      line: `${command} failover ${gitlab}`,
      detail: 'Stop the server starttls under “This machine” first: the alert has a button for this.',
    },
    {
      line: `${command} drift`,
      detail: 'Change a record under “This machine” first: this shows what differs, and the command that repairs it.',
    },
    {
      line: `${command} update ${gitlab} --ttl 300`,
      detail: 'Shows a plan to apply, and afterwards a button takes it back.',
    },
    {
      line: `${command} history --verify`,
      detail: 'Recomputes every hash, and holds the history against the channel.',
    },
    { line: `${command} add`, detail: 'Opens a form that explains every field.' },
  ];
};
