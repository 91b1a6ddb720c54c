declare const hostnameBrand: unique symbol;

/** A host name in lower case, without trailing dot, that Postal can save and DNS can hold (RFC 1123). Made only by `parseHostname`. */
export type Hostname = string & { readonly [hostnameBrand]: true };
