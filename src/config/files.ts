// Files that the configuration names: there, not there, or there and not readable.

export interface FileSources {
  /** Undefined when there is no such file; throws when there is one that cannot be read. */
  readFile(path: string): string | undefined;
}

/** `problem` completes “The file …”: `is not there`. */
export type FileText =
  | { readonly text: string; readonly isThere: true }
  | { readonly problem: string; readonly isThere: boolean };

export function readText(path: string, sources: FileSources): FileText {
  try {
    const text = sources.readFile(path);
    return text === undefined
      ? { problem: 'is not there', isThere: false }
      : { text, isThere: true };
  } catch (error) {
    return { problem: explain(error), isThere: true };
  }
}

/** Without the system's own message: it repeats the path, which may be a secret set in its place. */
function explain(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
  // Docker makes a folder where a file that should be mounted is missing.
  if (code === 'EISDIR') return 'is a folder';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user';
  return `cannot be read (${code})`;
}
