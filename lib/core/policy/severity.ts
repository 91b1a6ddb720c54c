/** How bad an incident is, the worst first; the policy says which of them mention the on-call group. */
export const severities = ['down', 'plaintext', 'degraded', 'certificate'] as const;
export type Severity = (typeof severities)[number];
