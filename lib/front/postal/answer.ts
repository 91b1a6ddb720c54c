import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** An answer in one line of plain text. */
export const plainAnswer = (statusCode: number, body = ''): APIGatewayProxyStructuredResultV2 => ({
  statusCode,
  ...(body === '' ? {} : { headers: { 'content-type': 'text/plain; charset=utf-8' } }),
  body: body === '' ? '' : `${body}\n`,
});
