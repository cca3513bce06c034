export { elementTypeOf } from './model/element-type.js';
export { encodeModel } from './model/encode.js';
export { decodeModel } from './model/decode.js';
export { readModelInfo } from './model/info.js';
export type { ModelInfo, ValueInfo } from './model/info.js';
