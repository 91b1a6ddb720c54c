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
      detail: 'Registers a name, probes its mail server, and says what to enter in Postal.',
    },
    {
      line: add('gitlab', 'plaintext'),
      detail: 'Asks for the same name with another server: refused, and the answer says who registered it.',
    },
    {
      line: `${command} add 10.0.4.12 ${gitlab} --port 70000`,
      detail: 'Lists every mistake and how to correct it.',
    },
    {
      line: add('tickets', 'half-dead'),
      detail: 'Finds that one of two addresses does not work, and says what Postal will do.',
    },
    {
      line: `${command} failover ${gitlab}`,
      detail: 'First stop the server starttls under “This machine”: its alert has a button for this command.',
    },
    {
      line: `${command} drift`,
      detail: 'First change a record under “This machine”: shows the difference, and the command that corrects it.',
    },
    {
      line: `${command} update ${gitlab} --ttl 300`,
      detail: 'Shows a plan with a button to apply it, and later one to undo it.',
    },
    {
      line: `${command} history --verify`,
      detail: 'Recomputes every hash, and compares the history with the audit channel.',
    },
    { line: `${command} add`, detail: 'Opens a form that explains every field.' },
  ];
};
