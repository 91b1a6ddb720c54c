type Event = {
  readonly headers: Readonly<Record<string, string>>;
  readonly queryStringParameters?: Readonly<Record<string, string>>;
};

/** Answers with the event that it got, or as the query's `answer` asks. */
export const handler = async (event: Event): Promise<unknown> => {
  switch (event.queryStringParameters?.['answer']) {
    case 'full':
      return {
        statusCode: 201,
        headers: { 'Content-Type': 'text/html', 'x-count': 3 },
        cookies: ['a=1', 'b=2'],
        body: Buffer.from('<p>✓</p>').toString('base64'),
        isBase64Encoded: true,
      };
    case 'status':
      return { statusCode: 204 };
    case 'nonsense':
      return { statusCode: 'many' };
    case 'text':
      return 'plain text';
    case 'throw':
      throw new Error('no');
    default:
      return event;
  }
};
