import type { Outcome, PageRequests } from '../../slack/page-api/page-protocol.ts';

const longestMs = 30_000;

/** Does what a person asked; trouble on the way is an outcome too. */
export const ask = async <Name extends keyof PageRequests>(
  name: Name,
  request: PageRequests[Name],
): Promise<Outcome> => {
  try {
    const response = await fetch(`/page/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
      signal: AbortSignal.timeout(longestMs),
    });
    return await response.json();
  } catch {
    return { ok: false, error: 'The local workspace does not answer. Is it still running?' };
  }
};

/** Puts a file into the workspace, for a form that asks for one. */
export const upload = async (
  user: string,
  file: File,
): Promise<{ readonly id: string } | { readonly error: string }> => {
  try {
    const response = await fetch(`/page/upload?${new URLSearchParams({ user, name: file.name })}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: file,
      signal: AbortSignal.timeout(longestMs),
    });
    const answer: { readonly id?: string; readonly error?: string } = await response.json();
    return answer.id === undefined ? { error: answer.error ?? 'The upload failed.' } : { id: answer.id };
  } catch {
    return { error: 'The upload failed. Is the local workspace still running?' };
  }
};

/** Reads JSON from the workspace; rejects when it does not answer. */
export const read = async <Value>(path: string): Promise<Value> => {
  const response = await fetch(`/page/${path}`, { signal: AbortSignal.timeout(longestMs) });
  if (!response.ok) throw new Error(`${path}: HTTP ${response.status}`);
  return response.json();
};
