/** An error as Route 53 answers it. `messages` are those of an InvalidChangeBatch. */
export type ServiceError = { readonly statusCode: number; readonly code: string; readonly messages: readonly string[] };

export type ServiceResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: ServiceError };

/** A refusal of the request itself. */
export const refused = (
  code: string,
  ...messages: readonly string[]
): { readonly ok: false; readonly error: ServiceError } => ({ ok: false, error: { statusCode: 400, code, messages } });

/** A refusal because something named in the request does not exist. */
export const notFound = (code: string, message: string): { readonly ok: false; readonly error: ServiceError } => ({
  ok: false,
  error: { statusCode: 404, code, messages: [message] },
});
