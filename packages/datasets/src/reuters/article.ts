/** One article of Reuters-21578, whatever file it was read from. */
export interface Article {
  /** `NEWID` in the collection: 1 to 21578, in the order of the dates. */
  readonly id: number;
  /** Its topics as listed, the first first; a few articles list one twice. */
  readonly topics: readonly string[];
  /** Empty where the collection has none. */
  readonly title: string;
  readonly body: string;
}

/** The articles of some files, and their checksum. */
export interface Articles<One extends Article = Article> {
  readonly checksum: string;
  readonly articles: readonly One[];
}

/** All that is read of an article. */
export function textOf({ title, body }: Article): string {
  return `${title}\n${body}`;
}

/** @throws Error with one sentence when two articles have the same id. */
export function refuseRepeated(articles: readonly Article[], directory: string): void {
  const seen = new Set<number>();
  for (const { id } of articles) {
    if (seen.has(id)) {
      throw new Error(
        `${directory}: article ${id} is there twice, expected each once; remove the file that repeats another.`,
      );
    }
    seen.add(id);
  }
}
