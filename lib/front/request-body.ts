import { isUtf8 } from 'node:buffer';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** Slack's largest payload, a form with everything in it, percent-encoded, stays well below. */
export const largestBodyBytes = 1_048_576;

/** A header whatever its case; HTTP APIs lower it, other tools in front of a function do not. */
export const headerOf = (event: APIGatewayProxyEventV2, name: string): string | undefined => {
  for (const [key, value] of Object.entries(event.headers ?? {})) if (key.toLowerCase() === name) return value;
  return undefined;
};

/** `type/subtype` of the content-type, lower case, without parameters. */
export const mediaTypeOf = (event: APIGatewayProxyEventV2): string | undefined =>
  headerOf(event, 'content-type')?.split(';')[0]?.trim().toLowerCase() || undefined;

/** The body byte for byte as it was sent, or undefined when it is larger than `octets`. */
export const bodyWithin = (event: APIGatewayProxyEventV2, octets: number): Buffer | undefined => {
  const body = event.body ?? '';
  if (body.length > 2 * octets) return undefined;
  const bytes = Buffer.from(body, event.isBase64Encoded ? 'base64' : 'utf8');
  return bytes.length > octets ? undefined : bytes;
};

/** The body byte for byte as it was sent, or undefined when it is larger than Slack's ever are. */
export const bodyBytes = (event: APIGatewayProxyEventV2): Buffer | undefined => bodyWithin(event, largestBodyBytes);

export type ParsedBody =
  | { readonly ok: true; readonly body: unknown }
  /** `argument` is what is wrong: a header, the body, or a form field. */
  | {
      readonly ok: false;
      readonly status: 400 | 415;
      readonly argument: string;
      readonly wrong: string;
      readonly right: string;
    };

const parseJson = (argument: string, text: string): ParsedBody => {
  try {
    return { ok: true, body: JSON.parse(text) };
  } catch {
    return { ok: false, status: 400, argument, wrong: 'It is not JSON.', right: 'Send it as Slack does.' };
  }
};

/** Parses a body as Slack sends them: JSON, form fields, or JSON in the form field `payload`. */
export const parseBody = (mediaType: string | undefined, bytes: Buffer): ParsedBody => {
  if (!isUtf8(bytes))
    return { ok: false, status: 400, argument: 'body', wrong: 'It is not UTF-8.', right: 'Send it as Slack does.' };
  const text = bytes.toString('utf8');
  if (mediaType === 'application/json') return parseJson('body', text);
  if (mediaType === 'application/x-www-form-urlencoded') {
    const fields = new URLSearchParams(text);
    const payload = fields.get('payload');
    return payload === null ? { ok: true, body: Object.fromEntries(fields) } : parseJson('payload', payload);
  }
  const wrong =
    mediaType === undefined ? 'It is missing.' : `${mediaType.slice(0, 80)} is not a media type that Slack sends.`;
  return {
    ok: false,
    status: 415,
    argument: 'content-type',
    wrong,
    right: 'Send application/json or application/x-www-form-urlencoded.',
  };
};
