import type { FirstStep } from './slack/page-protocol.ts';
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
  return [
    {
      line: add('gitlab', 'starttls', ` --standby ${standby} --name GitLab`),
      detail: 'Registers a name, probes its mail server, and says what to type into Postal.',
    },
    { line: add('wiki', 'plaintext', ' --dry-run'), detail: 'Shows the plan, and changes nothing.' },
    { line: add('tickets', 'half-dead'), detail: 'Finds one of two addresses dead, and says what that means.' },
    { line: `${command} add 10.0.4.12 gitlab.${mailDomain} --port 70000`, detail: 'Names every mistake, each with what would be right.' },
    { line: `${command} check gitlab.${mailDomain}`, detail: 'Shows every stage of a session, in milliseconds.' },
    {
      line: `${command} failover gitlab.${mailDomain}`,
      detail: 'Probes the standby, and leads mail there once you say so; the same line goes back.',
    },
    { line: `${command} history`, detail: 'Tells who changed what, and what became of it.' },
    { line: `${command} add`, detail: 'Opens a form that explains every field.' },
  ];
};
