/**
 * Marks the `count` largest scores: exactly that many, whatever their ties. Of equal scores the first ones win.
 *
 * @param scores float32, none NaN
 * @param count from 0 to `scores.length`
 * @returns one byte per score: 1 for those selected, 0 for the others
 * @throws RangeError when there are fewer scores than `count`, or `count` is not a whole number.
 */
export function selectLargest(scores: Float32Array, count: number): Uint8Array {
  if (!Number.isInteger(count) || count < 0 || count > scores.length) {
    throw new RangeError(`cannot select ${count} of ${scores.length} scores`);
  }
  const selected = new Uint8Array(scores.length);
  if (count === 0) return selected;

  // Sorting values rather than indices keeps this a native sort without a comparison function.
  const ascending = scores.toSorted();
  const threshold = ascending[scores.length - count] ?? NaN;
  let above = 0;
  for (const score of scores) if (score > threshold) above++;
  let ties = count - above;
  for (let index = 0; index < scores.length; index++) {
    const score = scores[index] ?? NaN;
    if (score > threshold) selected[index] = 1;
    else if (score === threshold && ties > 0) {
      selected[index] = 1;
      ties--;
    }
  }
  return selected;
}
