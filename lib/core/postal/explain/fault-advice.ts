import { type Advice, broken, server, where } from './advice-words.ts';
import type { FaultCode } from './signature-code.ts';

/** What Ruby, OpenSSL and the operating system say. */
export const faultAdvice: Readonly<Record<FaultCode, Advice>> = {
  'no-nameservers': {
    meaning: 'Postal found no nameserver in the file that its dns.resolv_conf_path names, so it could resolve nothing.',
    remedy: 'Put a nameserver line into that resolv.conf, in the container of Postal’s worker, and restart the worker.',
  },
  'dns-timeout-setting': {
    meaning:
      'dns.timeout in Postal’s configuration is too small: half of it rounds to 0, and the resolver refuses that.',
    remedy: 'Set dns.timeout to 2 or more seconds (5 is the default) and restart Postal.',
  },
  'dns-error': {
    meaning: 'A DNS lookup inside Postal failed.',
    remedy:
      'Check that the nameservers of Postal’s resolv.conf answer over UDP and TCP port 53, from Postal’s container.',
  },
  'name-lookup': {
    meaning: 'The operating system under Postal could not make an address of a name.',
    remedy: 'Check the hostname and the nameservers from Postal’s container, and that the port is a number.',
  },
  refused: {
    meaning: (facts) => `${where(facts)} refused the connection: the host is up, and nothing listens there.`,
    remedy:
      'Start the mail server, or mend the port in Postal’s endpoint or the address that the server is bound to (127.0.0.1 only?). A firewall that rejects reads the same.',
  },
  'connect-timeout': {
    meaning: (facts) =>
      `${where(facts)} did not answer at all until Postal’s open timeout (30 seconds by default) was over.`,
    remedy:
      'Something drops the packets: security group, network ACL, route, firewall; or the host is down. Look also for an AAAA record that leads nowhere: Postal tries IPv6 first.',
  },
  unreachable: {
    meaning: (facts) => `There is no way from Postal to ${where(facts)}.`,
    remedy:
      'Look at routes and subnets of Postal’s host. For an IPv6 address: without IPv6 there, remove the AAAA record.',
  },
  'connect-failed': {
    meaning: (facts) => `The operating system under Postal could not connect to ${where(facts)}.`,
    remedy:
      'What it says stands before “connect(2)”. Look at the address and port that the name leads to, and at routes and firewall of Postal’s host.',
  },
  reset: {
    meaning: (facts) => `${server(facts)} accepted the connection, then cut it with a TCP reset.`,
    remedy: (facts) =>
      broken(facts, 'A load balancer without a healthy server, or one that expects the PROXY protocol, does this too.'),
  },
  'reset-in-tls': {
    meaning: (facts) => `${server(facts)} cut the connection with a TCP reset during the TLS handshake.`,
    remedy:
      'Look at the server’s TLS (certificate and key readable? versions?) and at firewalls that inspect TLS. Auto does not fall back to plaintext after a reset.',
  },
  'broken-pipe': {
    meaning: (facts) => `${server(facts)} had closed the connection when Postal went on writing.`,
    remedy: (facts) => broken(facts, ''),
  },
  closed: {
    meaning: (facts) => `${server(facts)} hung up in the middle of the conversation, without a word.`,
    remedy: (facts) =>
      broken(
        facts,
        'A load balancer without a healthy server, or one that expects the PROXY protocol, hangs up like this.',
      ),
  },
  'read-timeout': {
    meaning: (facts) =>
      `${server(facts)} let Postal connect, then stayed silent until its read timeout (30 seconds by default) was over.`,
    remedy: (facts) =>
      broken(
        facts,
        'Often the port speaks TLS from the first byte (465) while Postal waits for a greeting: then use SSL mode TLS, or port 25 or 587. Else the server is stuck, slow to greet, or waits for the PROXY protocol.',
      ),
  },
  'read-timeout-in-tls': {
    meaning: (facts) =>
      `TLS with ${server(facts)} came about, then it stayed silent until Postal’s read timeout (30 seconds by default) was over.`,
    remedy: (facts) => broken(facts, 'The server is stuck or overloaded.'),
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
    remedy: 'Renew the certificate and reload the server. Auto would go on regardless, encrypted but unverified.',
  },
  'certificate-not-yet-valid': {
    meaning: (facts) => `The certificate of ${server(facts)} is not valid yet.`,
    remedy: 'Compare the clocks of Postal’s host and of the mail server with the certificate’s first day.',
  },
  'certificate-self-signed': {
    meaning: (facts) => `The certificate of ${server(facts)} is self-signed, and SSL mode TLS refuses that.`,
    remedy:
      'Give the server a certificate of a CA that Postal trusts, or put this one into Postal’s container and name it in SSL_CERT_FILE. Auto does not verify.',
  },
  'certificate-private-ca': {
    meaning: (facts) => `The certificate of ${server(facts)} comes from a CA that Postal does not know.`,
    remedy:
      'Put the CA into Postal’s container and name it in SSL_CERT_FILE, then restart Postal. Auto does not verify.',
  },
  'certificate-no-issuer': {
    meaning: (facts) => `Postal cannot follow the certificate of ${server(facts)} to a CA that it trusts.`,
    remedy:
      'Have the server send its intermediate certificates too; with a private CA, put that into Postal’s container and name it in SSL_CERT_FILE.',
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
    remedy: 'The reason stands in brackets behind “certificate verify failed”: paste it too. Auto does not verify.',
  },
  'not-tls': {
    meaning: (facts) => `Postal spoke TLS, and ${where(facts)} answered with something else.`,
    remedy:
      'SSL mode and port do not fit: TLS is for ports that speak it from the first byte (465); on 25 and 587 use Auto.',
  },
  'tls-version': {
    meaning: (facts) =>
      `Postal and ${server(facts)} have no TLS version, cipher or signature in common: the server’s are too old.`,
    remedy: 'Turn on TLS 1.2 or 1.3 in the server. With Auto, Postal falls back to plaintext in silence.',
  },
  'tls-client-certificate': {
    meaning: (facts) => `${server(facts)} demands a client certificate, and Postal has none.`,
    remedy: 'Have the server ask for none, at least from Postal’s address.',
  },
  'tls-closed': {
    meaning: (facts) => `${server(facts)} hung up during the TLS handshake.`,
    remedy: 'Look in the server’s log: certificate or key unreadable, TLS versions, or a port that does not speak TLS.',
  },
  'tls-broken-off': {
    meaning: (facts) => `TLS with ${server(facts)} came about, then broke off.`,
    remedy: (facts) => broken(facts, 'It crashed, ran out of time, or refused Postal after the handshake.'),
  },
  'tls-handshake': {
    meaning: (facts) => `The TLS handshake with ${server(facts)} failed.`,
    remedy:
      'What failed stands at the end of the line, behind “state=error:”: paste all of it. Check that SSL mode and port fit: TLS with 465, Auto with 25 and 587.',
  },
  'data-refused': {
    meaning: (facts) => `${server(facts)} took sender and recipient, then refused the DATA command.`,
    remedy:
      'The reply in brackets says why: paste it too. Postal tries again after this refusal even when it is a 5xx.',
  },
};
