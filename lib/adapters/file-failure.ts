const words: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EISDIR: 'it is a folder, not a file',
  ENOTDIR: 'part of its path is a file, not a folder',
  EACCES: 'this user has no permission',
};

/** Why a file could not be read or written, without its name: in plain words, or the system's own where it is something rare. */
export const fileFailureText = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return words[code] ?? (error instanceof Error ? error.message : String(error));
};
