import * as z from 'zod';
import { sslModes } from '../../core/endpoint/definition.ts';
import type { MailServer, PostalData, QueuedMessage } from './data.ts';
import { acceptMessage, deleteEndpoint, deleteRoute, type Edited, retryNow, saveEndpoint, saveRoute } from './edit.ts';

const id = z.int();
const text = z.string().max(250);
const endpointForm = z.object({
  id: id.nullable(),
  serverId: id,
  name: text,
  hostname: text,
  port: z
    .string()
    .trim()
    .regex(/^(?:[+-]?\d{1,15})?$/, 'Port must be a whole number, or blank for 25.')
    .transform((typed) => (typed === '' ? null : Number(typed))),
  sslMode: z.enum(sslModes),
});
const routeForm = z.object({ name: text, endpointId: id });
const byId = z.object({ id });
const messageForm = z.object({ routeId: id });
const retryForm = z.object({ endpointId: id.nullable() });

const wrong = ({ issues }: z.ZodError): Edited => ({
  ok: false,
  error: issues.map(({ message }) => message).join(' '),
});

/** Reads a request of the page and edits the data; `undefined` when it is nothing of Postal's. */
export const panelAction = (
  data: PostalData,
  servers: readonly MailServer[],
  action: string,
  body: unknown,
  arrival: Pick<QueuedMessage, 'token' | 'atMs'>,
): Edited | undefined => {
  switch (action) {
    case 'postal-endpoint': {
      const form = endpointForm.safeParse(body);
      if (!form.success) return wrong(form.error);
      const { id: endpointId, ...fields } = form.data;
      return saveEndpoint(data, servers, endpointId, fields);
    }
    case 'delete-postal-endpoint': {
      const form = byId.safeParse(body);
      return form.success ? deleteEndpoint(data, form.data.id) : wrong(form.error);
    }
    case 'postal-route': {
      const form = routeForm.safeParse(body);
      return form.success ? saveRoute(data, form.data) : wrong(form.error);
    }
    case 'delete-postal-route': {
      const form = byId.safeParse(body);
      return form.success ? deleteRoute(data, form.data.id) : wrong(form.error);
    }
    case 'postal-message': {
      const form = messageForm.safeParse(body);
      return form.success ? acceptMessage(data, servers, form.data.routeId, arrival) : wrong(form.error);
    }
    case 'postal-retry': {
      const form = retryForm.safeParse(body);
      return form.success ? retryNow(data, form.data.endpointId) : wrong(form.error);
    }
    default:
      return undefined;
  }
};
