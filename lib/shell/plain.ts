/** What people and servers wrote is printed to a terminal: nothing in it may steer one. */
export const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').trimEnd();
