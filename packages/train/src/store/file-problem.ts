/** What was being done with a file when it failed. */
export type FileAction = 'write' | 'read' | 'create' | 'delete' | 'use';

const explanations: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; free some space and run again, finished work is kept',
  EDQUOT: 'the disk quota is used up; free some space and run again, finished work is kept',
  EFBIG: 'the file would be larger than is allowed here; raise the limit or choose another folder',
  EROFS: 'the file system is read-only; choose a folder that can be written to',
  EACCES: 'permission is denied; change its permissions or choose another folder',
  EPERM: 'permission is denied; change its permissions or choose another folder',
  ENOTDIR: 'a part of this path is a file, not a folder; choose another folder',
  EEXIST: 'something that is not a folder is in its place; move it away or choose another folder',
  EISDIR: 'a folder is in its place; move it away',
  ENOENT: 'it does not exist',
  ENOTEMPTY: 'the folder is not empty',
  EMFILE: 'too many files are open; close some programs or raise the limit',
  ENFILE: 'too many files are open; close some programs or raise the limit',
  ENAMETOOLONG: 'its name is too long; choose a shorter one',
  ELOOP: 'its symbolic links lead in a circle',
  EIO: 'the disk reports a failure',
  ESTALE: 'the network folder has gone away; connect it again',
};

/** The system's code of an error (`ENOENT`), undefined for any other error. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** A failed file operation, as one sentence. */
class FileProblem extends Error {}

/**
 * A failed file operation as one sentence that names the path and what to do; the original is its cause.
 * An error that is one already stays as it is.
 */
export function fileProblem(error: unknown, action: FileAction, path: string): Error {
  if (error instanceof FileProblem) return error;
  const code = errorCode(error);
  const reason =
    (code === undefined ? undefined : explanations[code]) ??
    (error instanceof Error ? error.message : String(error));
  return new FileProblem(`cannot ${action} ${path}: ${reason}`, { cause: error });
}
