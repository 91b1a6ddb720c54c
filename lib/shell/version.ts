/** The version in package.json, which the bundle does not carry. A test holds them equal. */
export const version = '0.1.0';
