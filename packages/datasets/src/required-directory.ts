/** The user's folder, for a dataset that is not installed along. @throws Error with one sentence when none was given. */
export function requiredDirectory(id: string, directory: string | undefined): string {
  if (directory !== undefined) return directory;
  throw new Error(
    `dataset ${id}: its files are not installed along; give the folder that holds them (--data-dir).`,
  );
}
