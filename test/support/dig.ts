import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const program = 'dig';

/** What to say where dig is missing; undefined where it is there. */
export const digMissing: string | undefined =
  spawnSync(program, ['-v'], { stdio: 'ignore' }).error === undefined
    ? undefined
    : 'dig is missing: install the Debian package bind9-dnsutils';

/** One resource record as dig prints it. */
export type DigRecord = {
  readonly name: string;
  readonly ttlSeconds: number;
  readonly type: string;
  readonly data: string;
};

export type DigAnswer = {
  readonly status: string;
  readonly flags: readonly string[];
  readonly answer: readonly DigRecord[];
  readonly authority: readonly DigRecord[];
  /** All that dig printed. */
  readonly text: string;
};

const toRecord = (line: string): DigRecord => {
  const [name = '', ttl = '', , type = '', ...data] = line.split(/\s+/);
  return { name, ttlSeconds: Number(ttl), type, data: data.join(' ') };
};

const section = (text: string, title: string): readonly DigRecord[] => {
  const body = new RegExp(`;; ${title} SECTION:\\n([\\s\\S]*?)(?:\\n\\n|$)`).exec(text)?.[1] ?? '';
  return body
    .split('\n')
    .filter((line) => line !== '')
    .map(toRecord);
};

/** Asks a DNS server on loopback with dig; `options` are dig's own, for example `+tcp`. */
export const dig = async (
  port: number,
  name: string,
  type: string,
  ...options: readonly string[]
): Promise<DigAnswer> => {
  const bounded = ['+tries=1', '+time=5', '+noall', '+comments', '+answer', '+authority', ...options];
  const { stdout: text } = await run(program, ['-r', '@127.0.0.1', '-p', String(port), name, type, ...bounded], {
    timeout: 15_000,
  });
  return {
    status: /status: ([A-Z]+)/.exec(text)?.[1] ?? '',
    flags: (/flags: ([a-z ]*);/.exec(text)?.[1] ?? '').split(' '),
    answer: section(text, 'ANSWER'),
    authority: section(text, 'AUTHORITY'),
    text,
  };
};
