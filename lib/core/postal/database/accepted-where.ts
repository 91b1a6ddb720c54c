/** `10.0.4.12:25 (gitlab.mail.corp.internal)` in 3.x, `gitlab.mail.corp.internal (10.0.4.12)` in 2.x. */
const where = /accepted by (?:[0-9a-f:.]{2,45}:(\d{1,5}) \(([^()\s]{1,255})\)|([^()\s]{1,255}) \([0-9a-f:.]{2,45}\))$/i;

/** What Postal's words of an accepted message say of where it went, without the recipient: `accepted by` and what follows. */
export const acceptedWhere = (details: string): string | null => where.exec(details)?.[0] ?? null;

/** The same, read. */
export const readAcceptedWhere = (details: string): { readonly hostname?: string; readonly port?: number } => {
  const [, port, hostname, oldHostname] = where.exec(details) ?? [];
  const named = hostname ?? oldHostname;
  return {
    ...(named === undefined ? {} : { hostname: named }),
    ...(port === undefined ? {} : { port: Number(port) }),
  };
};
