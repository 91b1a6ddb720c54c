import { formAccepts } from '../../core/postal/form-accepts.ts';
import { addressOf, type Endpoint, type MailServer, type PostalData, type QueuedMessage } from './data.ts';

/** What a form of Postal made of a request: the data after it, or what it says is wrong. */
export type Edited = { readonly ok: true; readonly data: PostalData } | { readonly ok: false; readonly error: string };

const refused = (error: string): Edited => ({ ok: false, error });
const edited = (data: PostalData): Edited => ({ ok: true, data });

/** As many of each as a person tries things out with. */
const atMost = { endpoints: 100, routes: 100, queue: 1000 } as const;

export type EndpointForm = Omit<Endpoint, 'id' | 'wasUsed'>;

const endpointMistakes = ({ serverId, name, hostname }: EndpointForm, servers: readonly MailServer[]) =>
  [
    servers.some(({ id }) => id === serverId) ? [] : ['There is no such mail server.'],
    name.trim() === '' ? ["Name can't be blank."] : [],
    hostname === '' ? ["Hostname can't be blank."] : [],
    hostname === '' || formAccepts(hostname, null, 'Auto')
      ? []
      : ['Hostname is invalid: Postal takes a-z, 0-9, dots and hyphens.'],
  ].flat();

/** Adds an endpoint, or changes the one with this id. It saves everything that Postal's form saves, even an IP address. */
export const saveEndpoint = (
  data: PostalData,
  servers: readonly MailServer[],
  endpointId: number | null,
  form: EndpointForm,
): Edited => {
  const mistakes = endpointMistakes(form, servers);
  if (mistakes.length > 0) return refused(mistakes.join(' '));
  if (endpointId === null) {
    if (data.endpoints.length >= atMost.endpoints)
      return refused(`There are ${atMost.endpoints} endpoints. Delete one first.`);
    const added = { ...form, id: data.nextId, wasUsed: false };
    return edited({ ...data, nextId: data.nextId + 1, endpoints: [...data.endpoints, added] });
  }
  const before = data.endpoints.find(({ id }) => id === endpointId);
  if (before === undefined) return refused('This SMTP endpoint no longer exists.');
  if (before.serverId !== form.serverId) return refused('An SMTP endpoint stays with its mail server.');
  return edited({
    ...data,
    endpoints: data.endpoints.map((each) => (each.id === endpointId ? { ...each, ...form } : each)),
  });
};

/** Deletes an endpoint: its routes reject mail from then on, as in Postal. */
export const deleteEndpoint = (data: PostalData, endpointId: number): Edited => ({
  ok: true,
  data: {
    ...data,
    endpoints: data.endpoints.filter(({ id }) => id !== endpointId),
    routes: data.routes.map((route) =>
      route.endpointId === endpointId ? { ...route, mode: 'Reject', endpointId: null } : route,
    ),
  },
});

/** Adds a route to an endpoint; a route of this address that is there leads to the endpoint from now on. */
export const saveRoute = (
  data: PostalData,
  { name, endpointId }: { readonly name: string; readonly endpointId: number },
): Edited => {
  const endpoint = data.endpoints.find(({ id }) => id === endpointId);
  if (endpoint === undefined) return refused('Choose an SMTP endpoint.');
  if (!/^(?:[a-z0-9.-]{1,64}|\*)$/.test(name))
    return refused('Name is invalid: Postal takes a-z, 0-9, dots and hyphens, or * for every address.');
  const { serverId } = endpoint;
  const before = data.routes.find((route) => route.serverId === serverId && route.name === name);
  if (before === undefined && data.routes.length >= atMost.routes)
    return refused(`There are ${atMost.routes} routes. Delete one first.`);
  const route = { id: before?.id ?? data.nextId, serverId, name, mode: 'Endpoint', endpointId } as const;
  return edited({
    ...data,
    nextId: before === undefined ? data.nextId + 1 : data.nextId,
    routes:
      before === undefined ? [...data.routes, route] : data.routes.map((each) => (each === before ? route : each)),
  });
};

export const deleteRoute = (data: PostalData, routeId: number): Edited =>
  edited({ ...data, routes: data.routes.filter(({ id }) => id !== routeId) });

/** What Postal's SMTP server does with a message from outside for a route: queues it, or refuses it. */
export const acceptMessage = (
  data: PostalData,
  servers: readonly MailServer[],
  routeId: number,
  { token, atMs }: Pick<QueuedMessage, 'token' | 'atMs'>,
): Edited => {
  const route = data.routes.find(({ id }) => id === routeId);
  if (route === undefined) return refused('This route no longer exists.');
  if (route.mode === 'Reject') return refused('550 Route does not accept incoming messages');
  if (data.queue.length >= atMost.queue) return refused(`${atMost.queue} messages wait. That is enough here.`);
  const message = {
    id: data.nextId,
    serverId: route.serverId,
    routeId,
    endpointId: route.endpointId,
    token,
    recipient: addressOf(route.name === '*' ? { ...route, name: 'anyone' } : route, servers),
    atMs,
    attempts: 0,
    retryAfterMs: null,
  };
  return edited({ ...data, nextId: data.nextId + 1, queue: [...data.queue, message] });
};

/** Has what waits for an endpoint tried again now. */
export const retryNow = (data: PostalData, endpointId: number | null): Edited =>
  edited({
    ...data,
    queue: data.queue.map((message) =>
      message.endpointId === endpointId ? { ...message, retryAfterMs: null } : message,
    ),
  });
