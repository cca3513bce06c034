/** A grayscale picture: rows from the top, 0 is black. */
export interface Image {
  readonly height: number;
  readonly width: number;
  /** `[height, width]`, row-major. */
  readonly data: Uint8Array;
}

/** Height and width that a picture must have. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
}

/** @throws Error with one sentence when a header's size is another than the expected one. */
export function refuseOtherSize(path: string, found: ImageSize, expected: ImageSize): void {
  if (found.height === expected.height && found.width === expected.width) return;
  throw new Error(
    `${path}: expected an image ${expected.width} wide and ${expected.height} high, as the network's input, found ${found.width} wide and ${found.height} high; resize it.`,
  );
}

/** The level 0 to 255 of a sample 0 to `maximum`, rounded. */
export function toByte(level: number, maximum: number): number {
  return Math.round((level * 255) / maximum);
}
