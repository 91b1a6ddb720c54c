const longest = 60;

/** A person's words in quotes, for a message; what is left out of long ones is said. */
export const excerpt = (text: string): string => {
  const characters = [...text];
  if (characters.length <= longest) return `“${text}”`;
  return `“${characters.slice(0, longest).join('')}…” (${characters.length} characters)`;
};
