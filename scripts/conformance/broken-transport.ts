import { Route53Client, type Route53ClientConfig } from '@aws-sdk/client-route-53';

type RequestHandler = Route53Client['config']['requestHandler'];

const reset = (): Error => Object.assign(new Error('read ECONNRESET, by the conformance run'), { code: 'ECONNRESET' });

/**
 * The SDK's own transport, but that its first change batch meets a connection that is reset: before the request leaves, or when the service has answered and
 * the answer is on its way. It is broken here, on the caller's side, so that it can be tried against any service.
 */
export const brokenTransport = (
  clientConfig: Route53ClientConfig,
  breaks: 'before-request' | 'after-answer',
): RequestHandler => {
  const inner = new Route53Client(clientConfig).config.requestHandler;
  let isBroken = false;
  return {
    handle: async (request, options) => {
      if (isBroken || request.method !== 'POST') return await inner.handle(request, options);
      isBroken = true;
      if (breaks === 'after-answer') await inner.handle(request, options);
      throw reset();
    },
    destroy: () => inner.destroy?.(),
  };
};
