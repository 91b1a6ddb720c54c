import { type Advice, broken, server, where } from './advice-words.ts';
import type { FaultCode } from './signature-code.ts';

/** Errors from Ruby, OpenSSL and the operating system. */
export const faultAdvice: Readonly<Record<FaultCode, Advice>> = {
  'no-nameservers': {
    meaning:
      'Postal found no nameserver in the file that dns.resolv_conf_path names, so it could not resolve any name.',
    remedy: 'Add a nameserver line to that resolv.conf in the container of Postal’s worker, and restart the worker.',
  },
  'dns-timeout-setting': {
    meaning: 'dns.timeout in Postal’s configuration is too small: half of it rounds to 0, which the resolver rejects.',
    remedy: 'Set dns.timeout to 2 or more seconds (5 is the default) and restart Postal.',
  },
  'dns-error': {
    meaning: 'A DNS lookup inside Postal failed.',
    remedy: 'Check from Postal’s container that the nameservers in its resolv.conf answer on UDP and TCP port 53.',
  },
  'name-lookup': {
    meaning: 'The operating system of Postal’s host could not resolve a name.',
    remedy: 'Check the hostname and the nameservers from Postal’s container, and that the port is a number.',
  },
  refused: {
    meaning: (facts) => `${where(facts)} refused the connection: the host is up, but nothing listens there.`,
    remedy:
      'Start the mail server, or correct the port in Postal’s endpoint or the address that the server binds to (127.0.0.1 only?). A firewall that rejects connections looks the same.',
  },
  'connect-timeout': {
    meaning: (facts) => `${where(facts)} did not answer within Postal’s open timeout (30 seconds by default).`,
    remedy:
      'Check security group, network ACL, route and firewall for dropped packets, and whether the host is up. Check also for an AAAA record whose address does not work: Postal tries IPv6 first.',
  },
  unreachable: {
    meaning: (facts) => `Postal has no route to ${where(facts)}.`,
    remedy:
      'Check routes and subnets of Postal’s host. If the address is IPv6 and the host has no IPv6, remove the AAAA record.',
  },
  'connect-failed': {
    meaning: (facts) => `The operating system of Postal’s host could not connect to ${where(facts)}.`,
    remedy:
      'The cause is in the text before “connect(2)”. Check the address and port that the name resolves to, and routes and firewall of Postal’s host.',
  },
  reset: {
    meaning: (facts) => `${server(facts)} accepted the connection, then cut it with a TCP reset.`,
    remedy: (facts) =>
      broken(facts, 'A load balancer without a healthy server, or one that expects the PROXY protocol, does this too.'),
  },
  'reset-in-tls': {
    meaning: (facts) => `${server(facts)} cut the connection with a TCP reset during the TLS handshake.`,
    remedy:
      'Check the server’s TLS (certificate and key readable? versions?) and firewalls that inspect TLS. Auto does not fall back to plaintext after a reset.',
  },
  'broken-pipe': {
    meaning: (facts) => `${server(facts)} closed the connection while Postal was still writing.`,
    remedy: (facts) => broken(facts, ''),
  },
  closed: {
    meaning: (facts) => `${server(facts)} closed the connection in the middle of the session, without a reply.`,
    remedy: (facts) =>
      broken(facts, 'A load balancer without a healthy server, or one that expects the PROXY protocol, does this too.'),
  },
  'read-timeout': {
    meaning: (facts) =>
      `${server(facts)} accepted the connection, then sent nothing within Postal’s read timeout (30 seconds by default).`,
    remedy: (facts) =>
      broken(
        facts,
        'Often the port speaks TLS from the first byte (465) while Postal waits for a greeting: then use SSL mode TLS, or port 25 or 587. Otherwise the server hangs, is slow to greet, or waits for the PROXY protocol.',
      ),
  },
  'read-timeout-in-tls': {
    meaning: (facts) =>
      `TLS with ${server(facts)} was set up, then the server sent nothing within Postal’s read timeout (30 seconds by default).`,
    remedy: (facts) => broken(facts, 'The server hangs or is overloaded.'),
  },
  'starttls-unsupported': {
    meaning: (facts) => `Postal insists on STARTTLS here, and ${server(facts)} does not offer it.`,
    remedy: 'Turn on STARTTLS in the server, or set the endpoint’s SSL mode to Auto.',
  },
  'tls-timeout': {
    meaning: (facts) => `${where(facts)} accepted the connection and never answered the TLS handshake.`,
    remedy:
      'With SSL mode TLS the port has to speak TLS from the first byte (465): on 25 or 587 use Auto. Else the server is stuck.',
  },
  'certificate-expired': {
    meaning: (facts) => `The certificate of ${server(facts)} has expired, and SSL mode TLS refuses that.`,
    remedy: 'Renew the certificate and reload the server. Auto does not verify the certificate.',
  },
  'certificate-not-yet-valid': {
    meaning: (facts) => `The certificate of ${server(facts)} is not valid yet.`,
    remedy: 'Compare the clocks of Postal’s host and of the mail server with the certificate’s first day.',
  },
  'certificate-self-signed': {
    meaning: (facts) => `The certificate of ${server(facts)} is self-signed, and SSL mode TLS refuses that.`,
    remedy:
      'Install a certificate of a CA that Postal trusts, or put this one into Postal’s container and name it in SSL_CERT_FILE. Auto does not verify.',
  },
  'certificate-private-ca': {
    meaning: (facts) => `The certificate of ${server(facts)} is issued by a CA that Postal does not know.`,
    remedy:
      'Put the CA into Postal’s container and name it in SSL_CERT_FILE, then restart Postal. Auto does not verify.',
  },
  'certificate-no-issuer': {
    meaning: (facts) => `Postal cannot trace the certificate of ${server(facts)} to a CA that it trusts.`,
    remedy:
      'Configure the server to send its intermediate certificates. If the CA is private, put it into Postal’s container and name it in SSL_CERT_FILE.',
  },
  'certificate-weak': {
    meaning: (facts) => `The certificate of ${server(facts)}, or its CA’s, has a key or hash too weak for OpenSSL.`,
    remedy: 'Reissue it with RSA 2048 bits or more, or ECDSA, and SHA-256.',
  },
  'certificate-name': {
    meaning: (facts) => `The certificate of ${server(facts)} does not name the hostname of the endpoint.`,
    remedy: 'Reissue it with that hostname among its subject alternative names.',
  },
  'certificate-unverified': {
    meaning: (facts) => `Postal could not verify the certificate of ${server(facts)}.`,
    remedy: 'Paste the reason too: it is in brackets after “certificate verify failed”. Auto does not verify.',
  },
  'not-tls': {
    meaning: (facts) => `Postal spoke TLS, and ${where(facts)} answered with something else.`,
    remedy: 'Correct the SSL mode or the port: TLS is for ports with implicit TLS (465); on 25 and 587 use Auto.',
  },
  'tls-version': {
    meaning: (facts) =>
      `Postal and ${server(facts)} have no TLS version, cipher or signature in common: the server’s are too old.`,
    remedy: 'Enable TLS 1.2 or 1.3 on the server. With Auto, Postal silently falls back to plaintext.',
  },
  'tls-client-certificate': {
    meaning: (facts) => `${server(facts)} requires a client certificate, and Postal has none.`,
    remedy: 'Configure the server not to require one, at least from Postal’s address.',
  },
  'tls-closed': {
    meaning: (facts) => `${server(facts)} closed the connection during the TLS handshake.`,
    remedy:
      'Check the server’s log: the certificate or key may be unreadable, the TLS versions too old, or the port may not use TLS.',
  },
  'tls-broken-off': {
    meaning: (facts) => `TLS with ${server(facts)} was set up, then the connection broke.`,
    remedy: (facts) => broken(facts, 'The server crashed, timed out, or refused Postal after the handshake.'),
  },
  'tls-handshake': {
    meaning: (facts) => `The TLS handshake with ${server(facts)} failed.`,
    remedy:
      'Paste the whole line: the cause is at its end, after “state=error:”. Check that SSL mode and port match: TLS with 465, Auto with 25 and 587.',
  },
  'data-refused': {
    meaning: (facts) => `${server(facts)} accepted sender and recipient, then refused the DATA command.`,
    remedy: 'Paste the reply in brackets too: it gives the cause. Postal retries after this refusal, even a 5xx.',
  },
};
